import { say } from '../../parts/notes'
import { stretch, textUnderway } from './spans'
import type { ReviewStore } from './store'
import type { ReviewState } from './types'

/** What the keys need to know beside the state. */
export interface KeyGround {
  labels: string[]
  spanLabels: string[]
  search: () => void
  /** What a window's worth of rows is. */
  page: number
}

/** Every key and what it does, as the help shows them. */
export const KEYS: { keys: string[]; does: string }[] = [
  { keys: ['A'], does: 'approve, and go on' },
  { keys: ['D'], does: 'decline, and go on' },
  { keys: ['F'], does: 'flag for another look, and go on' },
  { keys: ['J', '↓'], does: 'next record' },
  { keys: ['K', '↑'], does: 'record before' },
  { keys: ['PgDn', 'PgUp'], does: 'a window further, or back' },
  { keys: ['Home', 'End'], does: 'first record, last one loaded' },
  { keys: ['Space'], does: 'read on in a long text, with Shift back' },
  { keys: ['1', '…', '9'], does: 'give the label of that number' },
  { keys: ['Y'], does: 'accept the label that was suggested, and go on' },
  { keys: ['T'], does: 'add a tag' },
  { keys: ['N'], does: 'write a note' },
  { keys: ['E'], does: 'edit the text' },
  { keys: ['S'], does: 'mark words: ← → choose, Shift extends, a number labels, ⌫ removes' },
  { keys: ['U'], does: 'take the last step back' },
  { keys: ['X'], does: 'choose the record' },
  { keys: ['Shift', 'J / K'], does: 'choose several' },
  { keys: ['Esc'], does: 'let go of what is chosen' },
  { keys: ['/'], does: 'search' },
  { keys: ['?'], does: 'all keys' },
]

const OURS = new Set([
  ...'adfjkytneusx/?123456789',
  ...['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp', 'Home', 'End', 'Escape'],
  'Backspace',
])

/** Whether it is a key of Review, wherever one is in it. */
export function isKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || elsewhere(event.target)) return false
  return OURS.has(event.key.length === 1 ? event.key.toLowerCase() : event.key)
}

/** Does what a key says; whether it was one of ours. */
export function pressed(event: KeyboardEvent, store: ReviewStore, ground: KeyGround): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || elsewhere(event.target)) return false
  const state = store.get()
  if (state.mode === 'keys') {
    if (event.key === '?') store.dispatch({ type: 'mode', mode: 'list' })
    return event.key === '?'
  }
  if (state.mode === 'spans' && inSpans(event, store, state, ground)) return true
  return (
    moving(event, store, ground) || deciding(event, store, state, ground) || opening(event, store, ground)
  )
}

/** Keys typed into a field, a menu or a dialog are theirs. */
export function elsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]') !==
      null
  )
}

function moving(event: KeyboardEvent, store: ReviewStore, ground: KeyGround): boolean {
  const steps: Record<string, number> = {
    j: 1,
    ArrowDown: 1,
    k: -1,
    ArrowUp: -1,
    PageDown: ground.page,
    PageUp: -ground.page,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  }
  const by = steps[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  if (by === undefined) return false
  store.dispatch({ type: 'move', by, extend: event.shiftKey })
  return true
}

function deciding(event: KeyboardEvent, store: ReviewStore, state: ReviewState, ground: KeyGround): boolean {
  const key = event.key.toLowerCase()
  const decisions = { a: 'approved', d: 'declined', f: 'flagged' } as const
  const decision = decisions[key as keyof typeof decisions]
  const many = state.everything || state.selected.size > 0
  if (decision) {
    if (many) store.dispatch({ type: 'bulk', change: { decision }, words: DONE[decision] })
    else store.dispatch({ type: 'change', change: { decision }, moveOn: true })
    return true
  }
  if (key === 'u' || key === 'x') {
    store.dispatch({ type: key === 'u' ? 'undo' : 'toggle' })
    return true
  }
  if (key === 'y') return accepted(store, state)
  const label = /^[1-9]$/.test(key) ? ground.labels[Number(key) - 1] : undefined
  if (label === undefined) return false
  if (many) store.dispatch({ type: 'bulk', change: { label }, words: `Labelled ${label}` })
  else store.dispatch({ type: 'change', change: { label } })
  return true
}

export const DONE = {
  approved: 'Approved',
  declined: 'Declined',
  flagged: 'Flagged',
  todo: 'Put back',
} as const

/** The label that fits better is taken over: that settles the doubt. */
function accepted(store: ReviewStore, state: ReviewState): boolean {
  const row = state.rows[state.cursor]
  if (!row?.suggested) return false
  store.dispatch({ type: 'change', change: { label: row.suggested, decision: 'approved' }, moveOn: true })
  return true
}

function opening(event: KeyboardEvent, store: ReviewStore, ground: KeyGround): boolean {
  const modes = { t: 'tag', n: 'note', e: 'edit', s: 'spans', '?': 'keys' } as const
  if (event.key === '/') {
    ground.search()
    return true
  }
  if (event.key === 'Escape') {
    store.dispatch({ type: 'choose', what: 'none' })
    store.dispatch({ type: 'mode', mode: 'list' })
    return true
  }
  const mode = modes[event.key.toLowerCase() as keyof typeof modes]
  if (!mode) return false
  store.dispatch({ type: 'mode', mode })
  return true
}

export function inSpans(
  event: KeyboardEvent,
  store: ReviewStore,
  state: ReviewState,
  ground: KeyGround,
): boolean {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 }
  const by = steps[event.key]
  if (by !== undefined) {
    store.dispatch({ type: 'caret', by, extend: event.shiftKey })
    return true
  }
  const row = state.rows[state.cursor]
  if (event.key === 'Backspace' || /^[1-9]$/.test(event.key)) {
    if (row && textUnderway(state, row.id)) say('One moment: the text is being saved.')
    else if (event.key === 'Backspace') store.dispatch({ type: 'unmark' })
    else {
      const label = ground.spanLabels[Number(event.key) - 1]
      if (label && stretch(state)) store.dispatch({ type: 'mark', label })
    }
    return true
  }
  if (event.key.toLowerCase() !== 's') return false
  store.dispatch({ type: 'mode', mode: 'list' })
  return true
}
