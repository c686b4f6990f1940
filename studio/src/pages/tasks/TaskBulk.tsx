import { Button, Popover, TextInput } from '@mantine/core'
import { useState } from 'react'
import { sayProblem } from '../../api/problem'
import type { BulkChange } from '../../api/records'
import { changeTasks, type TaskFilter } from '../../api/tasks'
import type { ReviewRecord } from '../../api/types'
import { count, counted } from '../../parts/figures'
import { say, sayWrong } from '../../parts/notes'

interface Props {
  rows: ReviewRecord[]
  chosen: ReadonlySet<string>
  where: TaskFilter
  letGo: () => void
  again: () => void
}

/** What can be done with several tasks at once. */
export function TaskBulk({ rows, chosen, where, letGo, again }: Props) {
  if (!chosen.size) return null
  const act = async (change: BulkChange, everything = false) => {
    try {
      let changed = 0
      if (everything && where.dataset) {
        const { dataset, project: _p, ...filter } = where
        changed = (await changeTasks(dataset, { where: filter }, change)).changed
      } else {
        const byDataset = new Map<string, ReviewRecord[]>()
        for (const row of rows) {
          if (chosen.has(row.id)) byDataset.set(row.dataset, [...(byDataset.get(row.dataset) ?? []), row])
        }
        for (const [dataset, some] of byDataset) {
          changed += (await changeTasks(dataset, { ids: some.map((row) => row.id) }, change)).changed
        }
      }
      say(`${counted(changed, 'task')} changed.`)
      letGo()
      again()
    } catch (error) {
      sayWrong(sayProblem(error))
    }
  }
  return (
    <div className="rv-bulk" role="toolbar" aria-label="What is chosen">
      <strong style={{ fontWeight: 600 }}>{count(chosen.size)} chosen</strong>
      <span style={{ flex: 1 }} />
      <Button size="compact-sm" onClick={() => void act({ work: 'done' })}>
        Finish
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => void act({ work: 'doing' })}>
        In progress
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => void act({ work: 'todo' })}>
        To do
      </Button>
      <Word title="Assign" label="To whom" done={(person) => void act({ person })} />
      <Word title="Tag" label="Tag" done={(tag) => void act({ add_tags: [tag] })} />
      {where.dataset && (
        <Word
          title="Assign all that match"
          label="To whom, all tasks that the filters show"
          done={(person) => void act({ person }, true)}
        />
      )}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={letGo}>
        Let go
      </Button>
    </div>
  )
}

/** A button that asks for one word. */
function Word({ title, label, done }: { title: string; label: string; done: (word: string) => void }) {
  const [open, setOpen] = useState(false)
  const [word, setWord] = useState('')
  return (
    <Popover opened={open} onChange={setOpen} position="top" trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="default" onClick={() => setOpen(!open)}>
          {title}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={title}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setOpen(false)
            done(word.trim())
          }}
        >
          <TextInput
            label={label}
            size="xs"
            maxLength={100}
            value={word}
            onChange={(event) => setWord(event.currentTarget.value)}
          />
          <Button type="submit" size="compact-sm" mt={8}>
            {title}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
