import { Button, Menu } from '@mantine/core'
import { navigate } from 'wouter/use-browser-location'
import type { TaskFilter } from '../../api/tasks'
import type { ReviewRecord } from '../../api/types'
import { count } from '../../parts/figures'
import { sayWrong } from '../../parts/notes'
import { toAugment } from '../augment/chosen'
import { HowToChoose } from '../review/HowToChoose'
import { LetGo } from '../review/LetGo'
import { TagMany } from '../review/TagMany'
import { AssignMany } from './AssignMany'
import { ExportMenu } from './ExportMenu'
import { byDataset, type ChosenTasks, NOTHING, useTaskBulk } from './useTaskBulk'

interface Props {
  project: string
  rows: ReviewRecord[]
  chosen: ChosenTasks
  setChosen: (chosen: ChosenTasks) => void
  where: TaskFilter
  datasets: string[]
  /** How many tasks the filters show, once that is known. */
  all: number | undefined
  people: string[]
}

/** Below the list: what can be done with all tasks that are chosen. */
export function TaskBulk(props: Props) {
  const { project, rows, chosen, setChosen, where, datasets, all, people } = props
  const letGo = () => setChosen(NOTHING)
  const { act, busy } = useTaskBulk(rows, chosen, where, datasets, letGo)
  if (!chosen.ids.size && !chosen.everything) return <HowToChoose />
  const augment = () => {
    const own = byDataset(rows, chosen)
    const dataset = chosen.everything ? where.dataset : own.size === 1 ? [...own.keys()][0] : undefined
    if (!dataset) {
      const detail = 'These tasks may be of several datasets.'
      return sayWrong({
        detail,
        hint: 'Choose one with the filter Dataset: copies are made of one at a time.',
      })
    }
    const some = chosen.everything
      ? { tasks: true, where }
      : { tasks: true, ids: own.get(dataset) ?? [], where: {} }
    navigate(toAugment(project, dataset, some))
  }
  return (
    <div className="rv-bulk" role="toolbar" aria-label="What is chosen" aria-busy={busy}>
      <strong style={{ fontWeight: 600 }}>
        {chosen.everything
          ? all === undefined
            ? 'All that match'
            : `All ${count(all)}`
          : count(chosen.ids.size)}{' '}
        chosen
      </strong>
      {!chosen.everything && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={`Choose all ${all === undefined ? '' : count(all)} that match`}
          onClick={() => setChosen({ ids: new Set(), everything: true })}
        >
          Choose all {all === undefined ? '' : count(all)}
        </Button>
      )}
      <span style={{ flex: 1 }} />
      <Button size="compact-sm" onClick={() => void act({ work: 'done' }, 'Finished')}>
        Finish
      </Button>
      <Menu position="top">
        <Menu.Target>
          <Button size="compact-sm" variant="default">
            State
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void act({ work: 'doing' }, 'In progress')}>In progress</Menu.Item>
          <Menu.Item onClick={() => void act({ work: 'todo' }, 'To do again')}>To do again</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <AssignMany act={(change, words) => void act(change, words)} people={people} />
      <TagMany act={(change, words) => void act(change, words)} />
      <ExportMenu
        where={where}
        datasets={chosen.everything ? datasets : [...byDataset(rows, chosen).keys()]}
        chosen={chosen.everything ? null : byDataset(rows, chosen)}
        above
      />
      <Button size="compact-sm" variant="default" onClick={augment}>
        Augment
      </Button>
      <LetGo letGo={letGo} />
    </div>
  )
}
