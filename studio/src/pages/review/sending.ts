import { keys } from '../../api/keys'
import { onOnline } from '../../api/online'
import { Offline, Problem } from '../../api/problem'
import { queries } from '../../api/queries'
import { changeRecord, changeRecords, fetchRecord, undoRecords } from '../../api/records'
import type { ReviewRecord } from '../../api/types'
import { onWho, whoNow } from '../../api/who'
import { say, sayWrong } from '../../parts/notes'
import { keepRefused } from './kept'
import { isSo } from './rows'
import type { Action, ReviewState, Write } from './types'

// Sends what was typed, one after the other, and never the same thing twice: after a request whose answer was lost it
// is looked first whether it was done.

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 5000
/** Answers that tell to come again: not logged in any more, too many requests, or a server that starts. */
const AGAIN = new Set([401, 429, 502, 503, 504])

export interface Sender {
  pump: () => void
}

export function createSender(
  get: () => ReviewState,
  dispatch: (action: Action) => void,
  saved: () => void,
): Sender {
  let busy = false
  let pause = FIRST_PAUSE
  let later: ReturnType<typeof setTimeout> | undefined
  /** The write whose answer was lost. */
  let lost = 0

  /** Who typed it: it is sent as theirs, or waits until they log in again. */
  const owner = whoNow()

  onOnline(() => {
    if (later !== undefined) again()
  })
  onWho(again)

  function again(): void {
    clearTimeout(later)
    later = undefined
    pump()
  }

  function pump(): void {
    const write = get().writes[0]
    if (busy || later !== undefined || !write || whoNow() !== owner) return
    busy = true
    void attempt(write).finally(() => {
      busy = false
      pump()
    })
  }

  async function attempt(write: Write): Promise<void> {
    try {
      await send(write)
      lost = 0
      pause = FIRST_PAUSE
      saved()
    } catch (error) {
      if (error instanceof Offline || (error instanceof Problem && AGAIN.has(error.status))) {
        if (error instanceof Offline) lost = write.key
        // Not logged in any more: the login page comes, and what is typed goes on its way after it.
        else if (error.status === 401) void queries.invalidateQueries({ queryKey: keys.session })
        dispatch({ type: 'held', held: true })
        later = setTimeout(again, pause)
        pause = Math.min(2 * pause, LONGEST_PAUSE)
        return
      }
      await refused(write, error)
    }
  }

  async function send(write: Write): Promise<void> {
    if (write.kind === 'change') return one(write)
    if (write.kind === 'bulk') {
      const { changed } = await changeRecords(get().dataset, write.chosen, write.change)
      void queries.resetQueries({ queryKey: ['record'] })
      dispatch({ type: 'bulk saved', key: write.key })
      say(`${write.words}: ${changed.toLocaleString('en')}`)
      return
    }
    if (lost === write.key && (await wasUndone(write))) return
    const { items } = await undoRecords(get().dataset)
    void queries.resetQueries({ queryKey: ['record'] })
    dispatch({ type: 'undone', key: write.key, items })
    if (!items.length) say('There is nothing to take back.')
  }

  async function one(write: Extract<Write, { kind: 'change' }>): Promise<void> {
    const version = write.version || (await fetchRecord(write.id)).version
    try {
      const { dropped, ...record } = await changeRecord(write.id, write.change, version)
      dispatch({ type: 'saved', key: write.key, record, dropped })
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error
      const theirs = error.theirs as ReviewRecord
      if (lost === write.key && isSo(theirs, write.change)) {
        dispatch({ type: 'saved', key: write.key, record: theirs, dropped: [] })
      } else if (asSeen(write, theirs)) {
        await one({ ...write, version: theirs.version })
      } else {
        dispatch({ type: 'conflict', key: write.key, theirs })
      }
    }
  }

  /** Whether a record is what was seen when the change was typed: it was handed over or assigned since, no more. */
  function asSeen({ key, change }: Extract<Write, { kind: 'change' }>, theirs: ReviewRecord): boolean {
    const before = get().steps.find((step) => step.key === key)?.before[0]
    if (!before) return false
    const { decision, label, note, values, spans, tags } = before
    const seen = { decision, label: label ?? undefined, note, values, spans }
    return isSo(theirs, change.tags ? { ...seen, tags } : seen)
  }

  /** Whether an undo whose answer was lost was done: the first record is as it was before. */
  async function wasUndone(write: Extract<Write, { kind: 'undo' }>): Promise<boolean> {
    const before = write.expected[0]
    if (!before) return false
    const now = await fetchRecord(before.id)
    const { decision, label, note, tags, text } = before
    const done = isSo(now, { decision, label: label ?? undefined, note, tags }) && now.text === text
    if (done) dispatch({ type: 'undone', key: write.key, items: [now] })
    return done
  }

  /** The server will never take it: the record is shown as it stands there. */
  async function refused(write: Write, error: unknown): Promise<void> {
    const said =
      error instanceof Problem
        ? { detail: error.message, hint: error.hint }
        : { detail: 'This could not be saved.', hint: String(error) }
    sayWrong(said)
    const ids =
      write.kind === 'change'
        ? [write.id]
        : write.kind === 'undo'
          ? write.expected.map((row) => row.id)
          : write.ids
    const before = get().steps.find((step) => step.key === write.key)?.before[0]
    if (write.kind === 'change' && before)
      keepRefused(before, write.change.values, `${said.detail} ${said.hint}`)
    const [first, ...others] = await Promise.all(
      ids.slice(0, 50).map((id) => fetchRecord(id).catch(() => null)),
    )
    dispatch({ type: 'refused', key: write.key, record: first ?? before ?? null })
    for (const record of others) if (record) dispatch({ type: 'fresh', record })
    saved() // nothing was: but perhaps nothing is there any more
  }

  return { pump }
}
