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

/** Labels that mean the same in most datasets; each line has one colour. */
const USUAL = [
  ['PERSON', 'PER', 'NAME', 'CUSTOMER', 'PATIENT', 'AUTHOR'],
  ['PRODUCT', 'PROD', 'ITEM', 'OBJECT', 'ARTICLE'],
  ['PLACE', 'LOC', 'LOCATION', 'GPE', 'CITY', 'COUNTRY', 'ADDRESS'],
  ['ORG', 'ORGANIZATION', 'ORGANISATION', 'COMPANY', 'BRAND', 'INSTITUTION'],
  ['DATE', 'TIME', 'DATETIME', 'YEAR', 'DURATION'],
  ['MONEY', 'PRICE', 'AMOUNT', 'QUANTITY', 'NUMBER', 'PERCENT'],
  ['MISC', 'EVENT', 'JOB', 'TITLE', 'LAW', 'WORK'],
  ['EMAIL', 'PHONE', 'URL', 'ID', 'IBAN', 'ORDER'],
]

/** A label's colour, everywhere and always the same: by what it usually means, else by its letters. */
export function colourOf(label: string): number {
  const upper = label.toUpperCase()
  const usual = USUAL.findIndex((names) => names.includes(upper))
  if (usual >= 0) return usual
  let sum = 2166136261
  for (const letter of upper) sum = Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16777619)
  return (sum >>> 3) % USUAL.length
}

/** The look of words with these labels, outermost first: a pale ground, and a line for each below. */
export function lookOf(labels: readonly string[]): { background: string; boxShadow: string } {
  const colours = labels.map(colourOf)
  const lines = colours.map(
    (colour, depth) => `0 ${2 * (colours.length - depth)}px 0 var(--sb-mark-${colour}-line)`,
  )
  return { background: `var(--sb-mark-${colours.at(-1) ?? 0})`, boxShadow: lines.reverse().join(', ') }
}
