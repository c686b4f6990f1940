import { Button, Group } from '@mantine/core'
import type { RecordChange } from '../../api/records'
import type { Json, ReviewRecord } from '../../api/types'
import type { ReviewStore } from './store'
import type { ReviewState } from './types'

/** Somebody else was quicker: what they made of the record, what one typed, and which is to stay. */
export function ConflictNote({ state, store }: { state: ReviewState; store: ReviewStore }) {
  const conflict = state.conflicts[0]
  if (!conflict) return null
  const { id, mine, theirs } = conflict
  const more = state.conflicts.length - 1
  const at = state.rows.findIndex((row) => row.id === id)
  const settle = (take: 'mine' | 'theirs') => store.dispatch({ type: 'settle', id, take })
  return (
    <div className="rv-strip" role="status" data-testid="conflict">
      <strong style={{ fontWeight: 600 }}>
        {theirs.by && theirs.by !== 'you' ? theirs.by : 'Somebody'} changed this record meanwhile
      </strong>
      {more > 0 && <span className="sb-soft"> · {more} more like this</span>}
      <div className="sb-one-line sb-soft">{theirs.text}</div>
      <Group gap="xl" mt={4} align="flex-start">
        <div>
          <span className="sb-meta">Yours</span>
          <div>{inWords(mine)}</div>
        </div>
        <div>
          <span className="sb-meta">Theirs</span>
          <div>{inWords(ofTheirs(mine, theirs))}</div>
        </div>
        <Group gap={6} ml="auto">
          {at >= 0 && at !== state.cursor && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => store.dispatch({ type: 'go', to: at, extend: false })}
            >
              Show it
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => settle('theirs')}>
            Take theirs
          </Button>
          <Button size="compact-sm" onClick={() => settle('mine')}>
            Keep mine
          </Button>
        </Group>
      </Group>
    </div>
  )
}

function ofTheirs(mine: RecordChange, theirs: ReviewRecord): RecordChange {
  const own = Object.keys(mine).filter((name) => name !== 'values')
  const fields = Object.fromEntries(own.map((name) => [name, theirs[name as keyof ReviewRecord]]))
  const values = Object.fromEntries(
    Object.keys(mine.values ?? {}).map((name) => [name, theirs.values[name] ?? null]),
  )
  return { decision: theirs.decision, ...fields, ...(mine.values ? { values } : {}) } as RecordChange
}

function inWords(change: RecordChange): string {
  const { values, ...rest } = change
  const parts = Object.entries({ ...rest, ...values }).map(([name, value]) =>
    name === 'decision' ? String(value === 'todo' ? 'to do' : value) : `${name}: ${shortly(value as Json)}`,
  )
  return parts.join(', ')
}

function shortly(value: Json | undefined): string {
  if (Array.isArray(value)) {
    const parts = value.map((one) =>
      typeof one === 'object' && one && 'label' in one ? String(one.label) : String(one),
    )
    return parts.length ? parts.join(', ') : 'none'
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text ? (text.length > 160 ? `${text.slice(0, 160)}…` : text) : 'none'
}
