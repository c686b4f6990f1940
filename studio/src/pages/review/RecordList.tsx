import { Button } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, type RefObject, useCallback, useEffect, useRef } from 'react'
import type { ReviewRecord } from '../../api/types'
import { count } from '../../parts/figures'
import type { Listing } from './filter'
import { RecordRow } from './RecordRow'
import { matches } from './rows'
import type { ReviewStore } from './store'
import type { ReviewState } from './types'

export const ROW = 40
const AHEAD = 120

interface Props {
  store: ReviewStore
  state: ReviewState
  /** How many rows a window has, for the keys. */
  page: RefObject<number>
  go: (to: Listing) => void
}

/** All records as lines; only those in sight are drawn, and pages are loaded as one comes near them. */
export function RecordList({ store, state, page, go }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const length = lengthOf(state)
  const virtual = useVirtualizer({
    count: length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0

  useEffect(() => {
    store.want(Math.max(lastShown, state.cursor) + AHEAD)
  }, [store, lastShown, state.cursor])

  useEffect(() => {
    page.current = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / ROW) - 1)
  })

  const loaded = state.rows.length > 0
  useEffect(() => {
    if (loaded && state.opening) virtual.scrollToIndex(state.cursor, { align: 'auto' })
  }, [state.cursor, state.opening, virtual, loaded])

  const click = useCallback(
    (event: MouseEvent, at: number) => {
      if (event.ctrlKey || event.metaKey) store.dispatch({ type: 'toggle', at })
      else store.dispatch({ type: 'go', to: at, extend: event.shiftKey })
    },
    [store],
  )

  if (state.next === null && !state.rows.length && !state.waiting)
    return <NothingFound state={state} go={go} />
  return (
    <div
      ref={box}
      className="rv-list"
      role="listbox"
      aria-label="Records"
      aria-multiselectable="true"
      aria-activedescendant={items.length ? `record-${state.cursor}` : undefined}
      aria-busy={state.next === undefined}
      tabIndex={0}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = state.rows[index]
          return (
            <RecordRow
              key={index}
              at={index}
              of={length}
              top={start}
              row={row}
              textColumn={state.textColumn}
              begins={state.sort === 'twins' && index > 0 && begins(state.rows[index - 1], row)}
              here={index === state.cursor}
              chosen={
                row !== undefined &&
                (state.everything ? matches(row, state.where) : state.selected.has(row.id))
              }
              leaving={row !== undefined && !matches(row, state.where)}
              onClick={click}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Whether a row is the first of another group of duplicates. */
function begins(before: ReviewRecord | undefined, row: ReviewRecord | undefined): boolean {
  return row !== undefined && before !== undefined && before.twins !== row.twins
}

/** How long the list is: as the counts say until its end was seen. Nothing is awaited where the first page failed. */
function lengthOf({ rows, next, expected, waiting, problem }: ReviewState): number {
  if ((next === null && !waiting) || (problem !== null && next === undefined)) return rows.length
  const more = next === undefined ? 20 : 200
  return Math.max(rows.length + (expected === null ? more : 0), expected ?? 0)
}

function NothingFound({ state, go }: { state: ReviewState; go: (to: Listing) => void }) {
  const filtered = Object.keys(state.where).length > 0
  // What was never looked for is no reason to say that there is none: `Duplicates` says so.
  if (state.where.duplicates && !state.counts?.duplicates) return <div className="rv-list" />
  return (
    <div className="rv-list" style={{ padding: 24 }}>
      <p style={{ marginTop: 0 }}>
        {filtered ? nothing(state) : 'This dataset has no records yet: they appear as its run makes them.'}
      </p>
      {filtered && (
        <Button variant="default" onClick={() => go({ where: {}, sort: 'first' })}>
          Show all records
        </Button>
      )}
    </div>
  )
}

function nothing({ where, counts }: ReviewState): string {
  const only = Object.values(where).filter(Boolean).length === 1
  if (where.duplicates && only && counts)
    return `No two of ${count(counts.total)} records say nearly the same.`
  return 'No record is like that.'
}
