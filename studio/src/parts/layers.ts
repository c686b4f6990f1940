import type { Span } from '../api/types'

/** Two spans that share characters: `inner` begins later, or is the shorter one where both begin. */
export interface Overlap {
  inner: Span
  outer: Span
  how: 'inside' | 'across' | 'same words'
}

/** Spans of one column that overlap one before them, each once, with the shortest that holds it, in the order of the
 *  text. */
export function overlapsOf(spans: readonly Span[]): Overlap[] {
  const sorted = spans
    .filter((one) => one.start < one.end)
    .sort((a, b) => a.start - b.start || b.end - a.end || (a.label < b.label ? -1 : 1))
  const found: Overlap[] = []
  const open = new Map<string, Span[]>()
  for (const inner of sorted) {
    const field = inner.field ?? 'text'
    const over = (open.get(field) ?? []).filter((one) => one.end > inner.start)
    const outer = over.findLast((one) => one.end >= inner.end) ?? over.at(-1)
    if (outer && !same(inner, outer)) found.push({ inner, outer, how: wayOf(inner, outer) })
    open.set(field, [...over, inner])
  }
  return found
}

function wayOf(inner: Span, outer: Span): Overlap['how'] {
  if (inner.end > outer.end) return 'across'
  return inner.start === outer.start && inner.end === outer.end ? 'same words' : 'inside'
}

function same(a: Span, b: Span) {
  return a.start === b.start && a.end === b.end && a.label === b.label
}
