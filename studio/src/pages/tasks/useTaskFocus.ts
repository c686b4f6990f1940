import { useEffect, useMemo, useRef, useState } from 'react'
import type { RecordChange } from '../../api/records'
import type { ReviewRecord } from '../../api/types'
import { empty, reduce } from '../review/state'
import type { ReviewStore } from '../review/store'
import type { Action, ReviewState } from '../review/types'

/** One task under the same reducer as a record in Review, so that it is labelled and marked in the same way. */
export function useTaskFocus(
  row: ReviewRecord,
  textColumn: string,
  change: (row: ReviewRecord, wanted: RecordChange) => void,
) {
  const [state, setState] = useState<ReviewState>(() => ({ ...empty(row.dataset), rows: [row], textColumn }))
  const latest = useRef(state)
  const sending = useRef(change)
  useEffect(() => {
    sending.current = change
  })
  const store = useMemo<ReviewStore>(() => {
    const set = (now: ReviewState) => {
      latest.current = now
      setState(now)
    }
    return {
      get: () => latest.current,
      dispatch: (action: Action) => {
        const next = reduce(latest.current, action)
        for (const write of next.writes) {
          const now = next.rows[0]
          if (write.kind === 'change' && now) sending.current(now, write.change)
        }
        set({ ...next, writes: [], steps: [] })
      },
      subscribe: () => () => undefined,
      open: () => undefined,
      want: () => undefined,
      refresh: () => undefined,
    }
  }, [])
  useEffect(() => {
    store.dispatch({ type: 'fresh', record: row })
    store.dispatch({ type: 'column', textColumn })
  }, [store, row, textColumn])
  return { store, state, row: state.rows[0] ?? row }
}
