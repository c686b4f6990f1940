import type { ReviewRecord, Span } from '../../api/types'
import { toCodePoint } from '../../parts/marking'
import { spansOf } from './rows'
import type { ReviewState } from './types'
import { change } from './typing'

const segments = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Where the words of a text lie, in code points. */
export function wordsOf(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const { segment, index, isWordLike } of segments.segment(text)) {
    if (!isWordLike) continue
    const start = toCodePoint(text, index)
    found.push({ start, end: start + [...segment].length })
  }
  return found
}

/** The stretch of text that is chosen in span mode. */
export function stretch(state: ReviewState): { start: number; end: number } | null {
  const row = state.rows[state.cursor]
  if (!row) return null
  const words = wordsOf(row.text)
  const { anchor, head } = state.caret
  const first = words[Math.min(anchor, head)]
  const last = words[Math.max(anchor, head)]
  return first && last ? { start: first.start, end: last.end } : null
}

export function caretMoved(state: ReviewState, by: number, extend: boolean): ReviewState {
  const words = wordsOf(state.rows[state.cursor]?.text ?? '')
  const head = Math.max(0, Math.min(state.caret.head + by, words.length - 1))
  return { ...state, caret: { anchor: extend ? state.caret.anchor : head, head } }
}

/** A label for the words that are chosen; the same once more takes it away. */
export function marked(state: ReviewState, label: string): ReviewState {
  const row = state.rows[state.cursor]
  const at = stretch(state)
  if (!row || !at || textUnderway(state, row.id)) return state
  return change(state, {
    type: 'change',
    change: { spans: toggledSpan(row, { ...at, label, field: state.textColumn }) },
  })
}

/** Takes the spans away that the chosen words are about. */
export function unmarked(state: ReviewState): ReviewState {
  const row = state.rows[state.cursor]
  const at = stretch(state)
  if (!row || !at || textUnderway(state, row.id)) return state
  const gone = meant(spansOf(row, state.textColumn), at)
  return change(state, { type: 'change', change: { spans: row.spans.filter((one) => !gone.includes(one)) } })
}

/** Which spans a stretch is about: those of just these words, else those inside, else the innermost that it touches. */
export function meant(spans: readonly Span[], at: { start: number; end: number }): Span[] {
  const touched = spans.filter((one) => one.start < at.end && one.end > at.start)
  const same = touched.filter((one) => one.start === at.start && one.end === at.end)
  if (same.length) return same
  const inside = touched.filter((one) => one.start >= at.start && one.end <= at.end)
  if (inside.length) return inside
  const holds = (one: Span, other: Span) =>
    one.start <= other.start && other.end <= one.end && lengthOf(other) < lengthOf(one)
  return touched.filter((one) => !touched.some((other) => holds(one, other)))
}

/** The spans of a record with another label on one that is there; away with it if it has that label already. */
export function relabelled(row: ReviewRecord, span: Span, label: string): Span[] {
  if (span.label === label) return row.spans.filter((one) => one !== span)
  const others = row.spans.filter((one) => one !== span)
  const now = { ...span, label }
  return others.some((one) => equal(one, now)) ? others : toggledSpan({ ...row, spans: others }, now)
}

export function lengthOf(span: Span): number {
  return span.end - span.start
}

/** Spans are put where the server has moved them to: not before it has answered. */
export function textUnderway(state: ReviewState, id: string): boolean {
  return state.writes.some((one) => one.kind === 'change' && one.id === id && one.change.values !== undefined)
}

/** The spans of a record with one more, in order; or without it, if it is there already. */
export function toggledSpan(row: ReviewRecord, span: Span): Span[] {
  const others = row.spans.filter((one) => !equal(one, span))
  if (others.length < row.spans.length) return others
  return [...others, span].sort((a, b) => a.start - b.start || b.end - a.end)
}

export function equal(a: Span, b: Span): boolean {
  return (
    a.start === b.start &&
    a.end === b.end &&
    a.label === b.label &&
    (a.field ?? 'text') === (b.field ?? 'text')
  )
}
