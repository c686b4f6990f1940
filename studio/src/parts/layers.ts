import type { Span } from '../api/types'

/** Two spans that share characters: `inner` begins later, or is the shorter one where both begin. */
export interface Overlap {
  inner: Span
  outer: Span
  /** All of it lies in the other one. */
  inside: boolean
}

/** Spans of one column that overlap one before them, each once, in the order of the text. */
export function overlapsOf(spans: readonly Span[]): Overlap[] {
  const sorted = spans
    .filter((one) => one.start < one.end)
    .sort((a, b) => a.start - b.start || b.end - a.end || (a.label < b.label ? -1 : 1))
  const found: Overlap[] = []
  const furthest = new Map<string, Span>()
  for (const inner of sorted) {
    const field = inner.field ?? 'text'
    const outer = furthest.get(field)
    if (outer && inner.start < outer.end && !same(inner, outer))
      found.push({ inner, outer, inside: inner.end <= outer.end })
    if (!outer || inner.end > outer.end) furthest.set(field, inner)
  }
  return found
}

function same(a: Span, b: Span) {
  return a.start === b.start && a.end === b.end && a.label === b.label
}
