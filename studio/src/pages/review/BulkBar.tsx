import { Button, Menu } from '@mantine/core'
import type { BulkChange } from '../../api/records'
import { count, counted } from '../../parts/figures'
import { HowToChoose } from './HowToChoose'
import { DONE } from './keyboard'
import { LetGo } from './LetGo'
import type { ReviewStore } from './store'
import { TagMany } from './TagMany'
import type { ReviewState } from './types'

interface Props {
  store: ReviewStore
  state: ReviewState
  labels: string[]
}

/** Below the list, always there: how several are chosen, then what can be done with them. */
export function BulkBar({ store, state, labels }: Props) {
  if (!state.selected.size && !state.everything) return <HowToChoose many={listed(state)} />
  const all = state.next === null ? state.rows.length : state.expected
  const chosen = state.everything
    ? all === null
      ? 'All that match'
      : `All ${count(all)}`
    : count(state.selected.size)
  const act = (change: BulkChange, words: string) => store.dispatch({ type: 'bulk', change, words })
  return (
    <div className="rv-bulk" role="toolbar" aria-label="What is chosen">
      <strong style={{ fontWeight: 600 }}>{chosen} chosen</strong>
      {!state.everything && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={`Choose all ${all === null ? '' : count(all)} that match`}
          onClick={() => store.dispatch({ type: 'choose', what: 'everything' })}
        >
          Choose all {all === null ? '' : count(all)}
        </Button>
      )}
      <span style={{ flex: 1 }} />
      <Button
        size="compact-sm"
        onClick={() => act({ decision: 'approved' }, DONE.approved)}
        rightSection={<kbd>A</kbd>}
      >
        Approve
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => act({ decision: 'declined' }, DONE.declined)}
        rightSection={<kbd>D</kbd>}
      >
        Decline
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => act({ decision: 'flagged' }, DONE.flagged)}
        rightSection={<kbd>F</kbd>}
      >
        Flag
      </Button>
      <Menu position="top">
        <Menu.Target>
          <Button size="compact-sm" variant="default">
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
          <Menu.Item onClick={() => act({ decision: 'todo' }, DONE.todo)}>Put back to do</Menu.Item>
          {labels.length > 0 && <Menu.Label>Give the label</Menu.Label>}
          {labels.map((label) => (
            <Menu.Item key={label} onClick={() => act({ label }, `Labelled ${label}`)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <TagMany act={act} />
      <LetGo letGo={() => store.dispatch({ type: 'choose', what: 'none' })} />
    </div>
  )
}

/** How many records the list has, as far as that is known. */
function listed({ where, counts, next, waiting, rows, expected, problem }: ReviewState): string {
  // Nobody has looked for duplicates: how many there are is not known, and not 0.
  const unknown = where.duplicates && !counts?.duplicates
  if (unknown || ((problem !== null || next === undefined) && !rows.length)) return ''
  const all = next === null && !waiting ? rows.length : expected
  return all === null ? `${count(rows.length)} and more` : counted(all, 'record')
}
