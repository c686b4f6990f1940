import { useSyncExternalStore } from 'react'
import { Problem, sayProblem } from '../../api/problem'
import {
  fetchRecord,
  fetchRecords,
  fetchReviewCounts,
  type RecordFilter,
  type RecordPage,
  type Sort,
} from '../../api/records'
import type { ReviewRecord } from '../../api/types'
import { whoNow } from '../../api/who'
import { sayWrong } from '../../parts/notes'
import { createSender } from './sending'
import { empty, reduce } from './state'
import type { Action, Place, ReviewState } from './types'

/** A dataset under review: outlives its page, so that nothing typed is lost by going elsewhere. */
export interface ReviewStore {
  get: () => ReviewState
  dispatch: (action: Action) => void
  subscribe: (listener: () => void) => () => void
  /** The list anew: from its beginning, with `record` before it, or with the cursor at a place of it. */
  open: (where: RecordFilter, sort: Sort, from?: { record?: string; place?: Place }) => void
  /** Sees to it that so many rows are loaded. */
  want: (rows: number) => void
  /** The counts anew, and records that came since. */
  refresh: () => void
}

const STILL_TAKEN_IN = 700
const COUNTS_AFTER = 600
const COUNTS_AGAIN = 5000
const FAR = 1000
const TOGETHER = 4000

/** By person and dataset. */
const stores = new Map<string, ReviewStore>()

export function storeOf(dataset: string): ReviewStore {
  const name = `${whoNow()}\n${dataset}`
  const known = stores.get(name)
  if (known) return known
  const made = create(dataset)
  stores.set(name, made)
  return made
}

/** How much of all datasets is not saved yet. */
export function unsaved(): number {
  let all = 0
  for (const store of stores.values()) all += store.get().writes.length
  return all
}

/** Ends when all that was typed is saved. */
export function allSaved(store: ReviewStore): Promise<void> {
  return new Promise((done) => {
    let forget: () => void = () => undefined
    const look = () => {
      if (store.get().writes.length) return
      forget()
      done()
    }
    forget = store.subscribe(look)
    look()
  })
}

window.addEventListener('beforeunload', (event) => {
  if (unsaved()) event.preventDefault()
})

export function useReview(store: ReviewStore): ReviewState {
  return useSyncExternalStore(store.subscribe, store.get)
}

function create(dataset: string): ReviewStore {
  let state = empty(dataset)
  let wanted = 0
  let loading = -1
  let counting: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()

  function dispatch(action: Action): void {
    const before = state
    state = reduce(state, action)
    if (state === before) return
    for (const listener of listeners) listener()
    sender.pump()
  }

  const sender = createSender(() => state, dispatch, countSoon)

  function countSoon(): void {
    clearTimeout(counting)
    counting = setTimeout(() => void count(), COUNTS_AFTER)
  }

  async function count(): Promise<void> {
    try {
      const counts = await fetchReviewCounts(dataset)
      dispatch({ type: 'counts', counts })
      if (counts.waiting) countSoon()
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 404)
        return dispatch({ type: 'failed', opening: state.opening, problem })
      // The list says what is wrong; the counts follow with the next change, and the first ones by themselves.
      if (state.counts === null) counting = setTimeout(() => void count(), COUNTS_AGAIN)
    }
  }

  async function load(place?: Place): Promise<void> {
    const { opening } = state
    if (loading === opening) return
    loading = opening
    while (state.opening === opening && state.next !== null && state.rows.length < wanted) {
      if (!(await pages(opening, state.next ?? '', state.rows.length ? undefined : place))) break
    }
    if (state.opening === opening) loading = -1
    if (state.opening === opening && state.next === null && state.waiting > 0) {
      setTimeout(() => void more(opening), STILL_TAKEN_IN)
    }
  }

  /** Whether there is still a long way to go with so many rows: then several pages are shown at once. */
  function isFar(more: number): boolean {
    return more < TOGETHER && wanted - state.rows.length - more > FAR
  }

  /** The page at a cursor; several at once on a long way, so that drawing does not hold loading up, or up to a place. */
  async function pages(opening: number, cursor: string, place?: Place): Promise<boolean> {
    const items: ReviewRecord[] = []
    let last = { cursor, at: 0 }
    let next: string | null = cursor
    let waiting = 0
    try {
      do {
        last = { cursor: next, at: items.length }
        const found: RecordPage = await fetchRecords(dataset, state.where, state.sort, next)
        if (state.opening !== opening) return false
        for (const one of found.items) items.push(one)
        next = found.next
        waiting = found.waiting
      } while (next !== null && (items.length <= (place?.at ?? -1) || isFar(items.length)))
      dispatch({ type: 'page', opening, cursor, last, items, next, waiting, start: place?.id })
      return true
    } catch (problem) {
      dispatch({ type: 'failed', opening, problem })
      return false
    }
  }

  /** The record that is asked for, then the others: what is typed meanwhile is meant for that one. */
  async function begin(opening: number, record?: string, place?: Place): Promise<void> {
    if (record) await pin(opening, record)
    if (opening === state.opening) await load(place)
  }

  async function pin(opening: number, id: string): Promise<void> {
    try {
      dispatch({ type: 'pinned', opening, record: await fetchRecord(id) })
    } catch (error) {
      sayWrong(sayProblem(error))
    }
  }

  /** Records are still being taken in: the end of the list is read again. */
  async function more(opening: number): Promise<void> {
    if (state.opening !== opening || state.next !== null) return
    if (await pages(opening, state.last.cursor)) {
      countSoon()
      await load()
    }
  }

  return {
    get: () => state,
    dispatch,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: (where, sort, { record, place } = {}) => {
      wanted = 1
      dispatch({ type: 'open', where, sort })
      void begin(state.opening, record, record ? undefined : place)
      void count()
    },
    want: (rows) => {
      wanted = Math.max(rows, 1)
      if (state.next !== undefined && state.next !== null && state.rows.length < wanted && !state.problem) {
        void load()
      }
    },
    refresh: () => {
      void count()
      if (state.next === null) void more(state.opening)
      else void load()
    },
  }
}
