import { Button, Menu } from '@mantine/core'
import type { TaskFilter } from '../../api/tasks'
import type { ReviewRecord } from '../../api/types'
import { count } from '../../parts/figures'
import { HowToChoose } from '../review/HowToChoose'
import { LetGo } from '../review/LetGo'
import { TagMany } from '../review/TagMany'
import { AssignMany } from './AssignMany'
import { AugmentMenu } from './AugmentMenu'
import { ExportMenu } from './ExportMenu'
import { byDataset, type ChosenTasks, NOTHING, useTaskBulk } from './useTaskBulk'

interface Props {
  project: string
  rows: ReviewRecord[]
  chosen: ChosenTasks
  setChosen: (chosen: ChosenTasks) => void
  where: TaskFilter
  /** The datasets that they may be of, with how many are of each. */
  of: Record<string, number>
  /** How many tasks the filters show, once that is known. */
  all: number | undefined
  people: string[]
}

/** Below the list: what can be done with all tasks that are chosen. */
export function TaskBulk(props: Props) {
  const { project, rows, chosen, setChosen, where, of, all, people } = props
  const letGo = () => setChosen(NOTHING)
  const { act, busy } = useTaskBulk(chosen, where, letGo)
  if (!chosen.ids.size && !chosen.everything) return <HowToChoose />
  const own = byDataset(rows, chosen)
  const picked = Object.fromEntries([...own].map(([name, ids]) => [name, ids.length]))
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
        datasets={Object.keys(chosen.everything ? of : picked).length}
        chosen={chosen.everything ? null : [...chosen.ids]}
        above
      />
      <AugmentMenu
        project={project}
        words="Augment"
        size="compact-sm"
        where={where}
        of={chosen.everything ? of : picked}
        chosen={chosen.everything ? null : own}
        above
      />
      <LetGo letGo={letGo} />
    </div>
  )
}
