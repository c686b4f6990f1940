import type { Span } from '../api/types'

/** A stretch of text with the labels of the spans over it, outermost first. */
export interface Piece {
  text: string
  labels: string[]
}

/** Where each code point begins in a JavaScript string; one entry more for its end. */
export function codePointStarts(text: string): number[] {
  const starts: number[] = []
  let at = 0
  for (const point of text) {
    starts.push(at)
    at += point.length
  }
  starts.push(at)
  return starts
}

/** The code point in which a place of a JavaScript string (UTF-16) lies: for selections made with the mouse. */
export function toCodePoint(text: string, place: number): number {
  return [...text.slice(0, place)].length
}

/** The text cut at every end of a span. Offsets are code points, end exclusive; spans may nest and overlap. */
export function cut(text: string, spans: readonly Span[]): Piece[] {
  const starts = codePointStarts(text)
  const length = starts.length - 1
  const inside = spans.filter((one) => one.start < one.end && one.start < length && one.end > 0)
  if (!inside.length) return text ? [{ text, labels: [] }] : []
  const sorted = [...inside].sort((a, b) => a.start - b.start || b.end - a.end)
  const edges = new Set([0, length])
  for (const one of sorted) {
    edges.add(Math.max(0, one.start))
    edges.add(Math.min(length, one.end))
  }
  const places = [...edges].sort((a, b) => a - b)
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1] ?? length
    return {
      text: text.slice(starts[from], starts[to]),
      labels: sorted.filter((one) => one.start <= from && one.end >= to).map((one) => one.label),
    }
  })
}

/** Each label's colour: by its place in the list of all labels, else by its letters, so that it stays the same. */
export function colourOf(label: string, all: readonly string[] = []): number {
  const place = all.indexOf(label)
  if (place >= 0) return place % 8
  let sum = 0
  for (const letter of label) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997
  return sum % 8
}
