import { answered } from './answers'
import { caretMoved, marked, unmarked } from './spans'
import type { Action, ReviewState } from './types'
import { bulk, change, undo } from './typing'

// Where one is in the list and what is on its way: a pure function of what was typed and answered. The cursor lives
// here and not in the focus of an element, so that a key pressed twice fast meets two records.

export function empty(dataset: string): ReviewState {
  return {
    dataset,
    textColumn: 'text',
    where: {},
    sort: 'first',
    opening: 0,
    rows: [],
    early: new Map(),
    next: undefined,
    last: { cursor: '', at: 0 },
    waiting: 0,
    problem: null,
    counts: null,
    expected: null,
    cursor: 0,
    anchor: 0,
    selected: new Set(),
    everything: false,
    mode: 'list',
    caret: { anchor: 0, head: 0 },
    writes: [],
    steps: [],
    conflicts: [],
    held: false,
    dropped: null,
    key: 1,
  }
}

export function reduce(state: ReviewState, action: Action): ReviewState {
  switch (action.type) {
    case 'open':
      return {
        ...empty(state.dataset),
        textColumn: state.textColumn,
        where: action.where,
        sort: action.sort,
        opening: state.opening + 1,
        counts: state.counts,
        expected: expectedOf(state.counts, action.where),
        writes: state.writes,
        steps: state.steps.map((step) => ({ ...step, cursor: -1 })),
        conflicts: state.conflicts,
        held: state.held,
        key: state.key,
      }
    case 'move':
      return goTo(state, state.cursor + action.by, action.extend)
    case 'go':
      return goTo(state, action.to, action.extend)
    case 'toggle':
      return toggled(state, action.at ?? state.cursor)
    case 'choose':
      return {
        ...state,
        everything: action.what === 'everything',
        selected: new Set(action.what === 'loaded' ? state.rows.map((row) => row.id) : []),
      }
    case 'mode':
      return {
        ...state,
        mode: state.rows[state.cursor] || action.mode === 'keys' ? action.mode : 'list',
        caret: { anchor: 0, head: 0 },
      }
    case 'caret':
      return caretMoved(state, action.by, action.extend)
    case 'mark':
      return marked(state, action.label)
    case 'unmark':
      return unmarked(state)
    case 'column':
      return { ...state, textColumn: action.textColumn }
    case 'told':
      return { ...state, dropped: null }
    case 'held':
      return state.held === action.held ? state : { ...state, held: action.held }
    case 'change':
      return change(state, action)
    case 'bulk':
      return bulk(state, action.change, action.words)
    case 'undo':
      return undo(state)
    default:
      return answered(state, action)
  }
}

/** How many records a filter has, where the counts tell. */
export function expectedOf(counts: ReviewState['counts'], where: ReviewState['where']): number | null {
  if (!counts) return null
  const set = Object.entries(where).filter(
    ([, value]) => value !== undefined && value !== '' && value !== false,
  )
  if (!set.length) return counts.total + (counts.waiting ?? 0)
  if (set.length === 1 && where.duplicates) return counts.duplicates?.records ?? 0
  const [name, value] = set[0] ?? []
  if (set.length > 1 || !name || !counts.by[name]) return null
  return counts.by[name]?.[String(value)] ?? 0
}

function goTo(state: ReviewState, to: number, extend: boolean): ReviewState {
  const cursor = Math.max(0, Math.min(to, state.rows.length - 1))
  const mode = state.mode === 'spans' ? 'spans' : 'list'
  const caret = { anchor: 0, head: 0 }
  if (!extend) return { ...state, cursor, anchor: cursor, mode, caret }
  const [from, until] = [Math.min(state.anchor, cursor), Math.max(state.anchor, cursor)]
  const old = range(state, state.anchor, state.cursor)
  const kept = [...state.selected].filter((id) => !old.has(id))
  const now = state.rows.slice(from, until + 1).map((row) => row.id)
  return { ...state, cursor, mode, everything: false, selected: new Set([...kept, ...now]) }
}

function range(state: ReviewState, a: number, b: number): Set<string> {
  return new Set(state.rows.slice(Math.min(a, b), Math.max(a, b) + 1).map((row) => row.id))
}

function toggled(state: ReviewState, at: number): ReviewState {
  const id = state.rows[at]?.id
  if (id === undefined) return state
  const selected = new Set(state.selected)
  if (!selected.delete(id)) selected.add(id)
  return { ...state, selected, everything: false, cursor: at, anchor: at }
}
