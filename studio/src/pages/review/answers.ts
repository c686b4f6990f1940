import type { RecordChange } from '../../api/records'
import type { ReviewRecord } from '../../api/types'
import { applied } from './rows'
import { expectedOf } from './state'
import type { Action, ReviewState, Write } from './types'
import { counted, replaced } from './typing'

/** What the server answered, worked into what is shown. */
export function answered(state: ReviewState, action: Action): ReviewState {
  switch (action.type) {
    case 'page':
      return page(state, action)
    case 'pinned':
      return pinned(state, action)
    case 'failed':
      return action.opening === state.opening ? { ...state, problem: action.problem } : state
    case 'counts':
      return counts(state, action.counts)
    case 'fresh':
      return fresh(state, action.record)
    case 'saved': {
      const done = versioned(without(state, action.key), action.record)
      const dropped = action.dropped.length ? { id: action.record.id, spans: action.dropped } : done.dropped
      return shown({ ...done, dropped }, action.record)
    }
    case 'bulk saved':
      return forgotten(state, action.key)
    case 'undone':
      return undone(state, action.key, action.items)
    case 'conflict':
      return conflict(state, action.key, action.theirs)
    case 'refused': {
      const done = {
        ...without(state, action.key),
        steps: state.steps.filter((one) => one.key !== action.key),
      }
      return action.record ? shown(versioned(done, action.record), action.record) : done
    }
    case 'settle':
      return settled(state, action.id, action.take)
    default:
      return state
  }
}

/** A page at the end, or one that was read again because records were added. */
function page(state: ReviewState, action: Extract<Action, { type: 'page' }>): ReviewState {
  if (action.opening !== state.opening) return state
  const again = state.next !== undefined && action.cursor === state.last.cursor && state.rows.length > 0
  const at = again ? state.last.at : state.rows.length
  const known = new Set(state.rows.slice(at).map((row) => row.id))
  const first = state.rows[0]?.id
  const fresh = action.items.filter((row) => !known.has(row.id) && (at === 0 || row.id !== first))
  const start = action.start === undefined ? -1 : fresh.findIndex((row) => row.id === action.start)
  return {
    ...(start < 0 ? state : { ...state, cursor: start, anchor: start }),
    rows: [...state.rows, ...fresh.map((row) => pendingOver(state, newer(state, row)))],
    next: action.next,
    last: { cursor: action.last.cursor, at: at + action.last.at },
    waiting: action.waiting,
    problem: null,
  }
}

function pinned(state: ReviewState, { opening, record }: Extract<Action, { type: 'pinned' }>): ReviewState {
  if (opening !== state.opening) return state
  const others = state.rows.filter((row) => row.id !== record.id)
  const last = { ...state.last, at: state.last.at + (others.length < state.rows.length ? 0 : 1) }
  return {
    ...state,
    rows: [pendingOver(state, newer(state, plain(record))), ...others],
    last,
    cursor: 0,
    anchor: 0,
  }
}

/** The server's counts are taken when nothing is on its way: else the own ones are newer. */
function counts(state: ReviewState, now: NonNullable<ReviewState['counts']>): ReviewState {
  const first = state.counts === null || state.rows.length === 0
  const expected = first || !Object.keys(state.where).length ? expectedOf(now, state.where) : state.expected
  return state.writes.length && state.counts ? state : { ...state, counts: now, expected }
}

/** A record that was read: not if it was changed since by an answer that came earlier. */
function fresh(state: ReviewState, record: ReviewRecord): ReviewState {
  if (state.writes.some((one) => touches(one, record.id))) return state
  const known = state.rows.find((row) => row.id === record.id)
  return known && known.version > record.version ? state : shown(state, record)
}

/** A record as the server has it, with what is still to be saved on top. */
function shown(state: ReviewState, record: ReviewRecord): ReviewState {
  const at = state.rows.findIndex((row) => row.id === record.id)
  const old = state.rows[at]
  if (!old)
    return state.next === undefined
      ? { ...state, early: new Map(state.early).set(record.id, plain(record)) }
      : state
  const row = pendingOver(state, plain(record))
  return { ...state, rows: replaced(state.rows, at, row), counts: counted(state, [old], [row]) }
}

/** A record of a list that was read, or what was answered of it meanwhile. */
function newer(state: ReviewState, row: ReviewRecord): ReviewRecord {
  const early = state.early.get(row.id)
  return early && early.version > row.version ? early : row
}

/** Only what a row of the list has: answers for one record have more. */
function plain(record: ReviewRecord): ReviewRecord {
  const {
    origin: _o,
    duplicates: _d,
    dropped: _s,
    likeness: _l,
    ...row
  } = record as ReviewRecord & Record<'origin' | 'duplicates' | 'dropped' | 'likeness', unknown>
  return row
}

function pendingOver(state: ReviewState, record: ReviewRecord): ReviewRecord {
  let row = record
  for (const write of state.writes) {
    if (write.kind === 'change' && write.id === row.id) row = applied(row, write.change, state.textColumn)
    if (write.kind === 'undo') {
      const before = write.expected.find((one) => one.id === row.id)
      if (before) row = { ...before, version: row.version }
    }
  }
  return row
}

function touches(write: Write, id: string): boolean {
  if (write.kind === 'change') return write.id === id
  return write.kind === 'bulk' ? write.ids.includes(id) : write.expected.some((one) => one.id === id)
}

function without(state: ReviewState, key: number): ReviewState {
  return { ...state, held: false, writes: state.writes.filter((one) => one.key !== key) }
}

/** Later changes of the same record are made from the version that it has now. */
function versioned(state: ReviewState, record: ReviewRecord): ReviewState {
  const writes = state.writes.map((one) =>
    one.kind === 'change' && one.id === record.id ? { ...one, version: record.version } : one,
  )
  return { ...state, writes }
}

/** After a change of many their versions are not known; 0 makes the next change of one ask for it first. */
function forgotten(state: ReviewState, key: number): ReviewState {
  const bulk = state.writes.find((one) => one.key === key)
  if (bulk?.kind !== 'bulk') return state
  const ids = new Set(bulk.ids)
  const writes = without(state, key).writes.map((one) =>
    one.kind === 'change' && ids.has(one.id) ? { ...one, version: 0 } : one,
  )
  return {
    ...state,
    held: false,
    writes,
    rows: state.rows.map((row) => (ids.has(row.id) ? { ...row, version: 0 } : row)),
  }
}

function undone(state: ReviewState, key: number, items: ReviewRecord[]): ReviewState {
  const write = state.writes.find((one) => one.key === key)
  let next = without(state, key)
  for (const record of items) next = shown(versioned(next, record), record)
  next = unversioned(next, write, items)
  if (write?.kind !== 'undo' || write.expected.length) return next
  // Nothing was known of the step: the cursor goes to what was taken back.
  const at = next.rows.findIndex((row) => row.id === items[0]?.id)
  return at < 0 ? next : { ...next, cursor: at, anchor: at }
}

/** Only some of very many records come back: the versions of the others are not known. */
function unversioned(state: ReviewState, write: Write | undefined, items: ReviewRecord[]): ReviewState {
  if (write?.kind !== 'undo' || write.expected.length <= items.length) return state
  const ids = new Set(write.expected.map((row) => row.id))
  for (const record of items) ids.delete(record.id)
  return { ...state, rows: state.rows.map((row) => (ids.has(row.id) ? { ...row, version: 0 } : row)) }
}

/** All that is still on its way for the record becomes "mine" of the conflict. */
function conflict(state: ReviewState, key: number, theirs: ReviewRecord): ReviewState {
  const mine: RecordChange = {}
  const keys = new Set<number>([key])
  for (const write of state.writes) {
    if (write.kind !== 'change' || write.id !== theirs.id) continue
    Object.assign(mine, write.change)
    keys.add(write.key)
  }
  const writes = state.writes.filter(
    (one) => !keys.has(one.key) && !(one.kind === 'undo' && one.undoes !== null && keys.has(one.undoes)),
  )
  const conflicts = [
    ...state.conflicts.filter((one) => one.id !== theirs.id),
    { id: theirs.id, mine, theirs },
  ]
  const steps = state.steps.filter((one) => !keys.has(one.key))
  return shown({ ...state, held: false, writes, steps, conflicts }, theirs)
}

function settled(state: ReviewState, id: string, take: 'mine' | 'theirs'): ReviewState {
  const found = state.conflicts.find((one) => one.id === id)
  const next = { ...state, conflicts: state.conflicts.filter((one) => one.id !== id) }
  if (!found || take === 'theirs') return next
  const { key } = state
  const write: Write = { key, kind: 'change', id, change: found.mine, version: found.theirs.version }
  const step = { key, before: [found.theirs], cursor: state.cursor }
  return shown(
    { ...next, key: key + 1, writes: [...next.writes, write], steps: [...next.steps, step] },
    found.theirs,
  )
}
