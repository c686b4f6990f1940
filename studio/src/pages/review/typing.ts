import type { BulkChange, RecordChange } from '../../api/records'
import type { ReviewRecord } from '../../api/types'
import { applied, differs, matches } from './rows'
import type { Action, ReviewState, Step, Write } from './types'

const STEPS = 500
/** So many records can be named in one request; more are several steps. */
const NAMED = 1000

/** A change of one record: shown at once, queued to be saved. */
export function change(state: ReviewState, action: Extract<Action, { type: 'change' }>): ReviewState {
  const at = action.id === undefined ? state.cursor : state.rows.findIndex((row) => row.id === action.id)
  const row = state.rows[at]
  if (!row) return state
  const cursor = action.moveOn ? Math.min(at + 1, state.rows.length - 1) : state.cursor
  const moved = { ...state, cursor, anchor: cursor, mode: 'list' as const }
  const base = action.moveOn ? moved : state
  if (state.conflicts.some((one) => one.id === row.id) || !differs(row, action.change)) return base
  const write: Write = {
    key: state.key,
    kind: 'change',
    id: row.id,
    change: action.change,
    version: row.version,
  }
  const after = applied(row, action.change, state.textColumn)
  return withStep(
    { ...base, rows: replaced(state.rows, at, after), counts: counted(state, [row], [after]) },
    write,
    { key: state.key, before: [row], cursor: state.cursor },
  )
}

/** A change of all that are chosen. */
export function bulk(state: ReviewState, wanted: BulkChange, words: string): ReviewState {
  const chosen = state.rows.filter((row) =>
    state.everything ? matches(row, state.where) : state.selected.has(row.id),
  )
  if (!chosen.length) return state
  const ids = new Set(chosen.map((row) => row.id))
  const rows = state.rows.map((row) => (ids.has(row.id) ? bulked(row, wanted, state.textColumn) : row))
  const after = rows.filter((row) => ids.has(row.id))
  const base = {
    ...state,
    rows,
    counts: counted(state, chosen, after),
    selected: new Set<string>(),
    everything: false,
  }
  if (state.everything) {
    const write: Write = {
      key: state.key,
      kind: 'bulk',
      chosen: { where: state.where },
      change: wanted,
      ids: [...ids],
      words,
    }
    return withStep(base, write, { key: state.key, before: chosen, cursor: state.cursor })
  }
  return portions(chosen).reduce<ReviewState>((sofar, some) => {
    const names = some.map((row) => row.id)
    const write: Write = {
      key: sofar.key,
      kind: 'bulk',
      chosen: { ids: names },
      change: wanted,
      ids: names,
      words,
    }
    return withStep(sofar, write, { key: sofar.key, before: some, cursor: state.cursor })
  }, base)
}

/** Takes the last step back: shown at once, and asked of the server after all that is still on its way. */
export function undo(state: ReviewState): ReviewState {
  const step = state.steps.at(-1)
  const write: Write = {
    key: state.key,
    kind: 'undo',
    undoes: step?.key ?? null,
    expected: step?.before ?? [],
  }
  const next = { ...state, key: state.key + 1, writes: [...state.writes, write], mode: 'list' as const }
  if (!step) return next
  const before = new Map(step.before.map((row) => [row.id, row]))
  const rows = state.rows.map((row) => restored(row, before.get(row.id)))
  const old = state.rows.filter((row) => before.has(row.id))
  const cursor =
    step.cursor >= 0 ? Math.min(step.cursor, rows.length - 1) : firstOf(rows, before, state.cursor)
  return {
    ...next,
    rows,
    counts: counted(state, old, step.before),
    steps: state.steps.slice(0, -1),
    cursor,
    anchor: cursor,
  }
}

function firstOf(rows: ReviewRecord[], before: Map<string, ReviewRecord>, otherwise: number): number {
  const found = rows.findIndex((row) => before.has(row.id))
  return found < 0 ? otherwise : found
}

/** As it was, under the version it has by now. */
function restored(row: ReviewRecord, before: ReviewRecord | undefined): ReviewRecord {
  return before ? { ...before, version: row.version } : row
}

function withStep(state: ReviewState, write: Write, step: Step): ReviewState {
  return {
    ...state,
    key: state.key + 1,
    writes: [...state.writes, write],
    steps: [...state.steps.slice(1 - STEPS), step],
  }
}

function bulked(row: ReviewRecord, wanted: BulkChange, textColumn: string): ReviewRecord {
  const { add_tags = [], remove_tags = [], ...rest } = wanted
  const tags = [...row.tags.filter((tag) => !remove_tags.includes(tag))]
  for (const tag of add_tags) if (!tags.includes(tag)) tags.push(tag)
  const simple: RecordChange = { ...rest, tags }
  return applied(row, simple, textColumn)
}

export function replaced(rows: ReviewRecord[], at: number, row: ReviewRecord): ReviewRecord[] {
  const copy = rows.slice()
  copy[at] = row
  return copy
}

function portions(rows: ReviewRecord[]): ReviewRecord[][] {
  const found: ReviewRecord[][] = []
  for (let from = 0; from < rows.length; from += NAMED) found.push(rows.slice(from, from + NAMED))
  return found
}

/** The counts as they will be, so that the progress is always true. */
export function counted(
  state: ReviewState,
  before: readonly ReviewRecord[],
  after: readonly ReviewRecord[],
): ReviewState['counts'] {
  if (!state.counts) return null
  const decision = { ...state.counts.by.decision }
  for (const row of before) decision[row.decision] = (decision[row.decision] ?? 1) - 1
  for (const row of after) decision[row.decision] = (decision[row.decision] ?? 0) + 1
  return {
    ...state.counts,
    by: { ...state.counts.by, decision },
    reviewed: (decision.approved ?? 0) + (decision.declined ?? 0),
  }
}
