import type { Span } from '../api/types'

/** How much lower, in pixels, the line of a span is than that of one inside of it. */
const DEEPER = 3

/** A stretch of text with the labels of the spans over it, outermost first. */
export interface Piece {
  text: string
  labels: string[]
  /** How far below the words the line of each label is, 0 next to them: along a span always the same. */
  depths: number[]
  /** It lies in one of the stretches that are told apart besides. */
  changed: boolean
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

/** The text cut at every end of a span, and of `changes`. Offsets are code points, end exclusive; spans may nest and
 *  overlap. */
export function cut(
  text: string,
  spans: readonly Span[],
  changes: readonly { start: number; end: number }[] = [],
): Piece[] {
  const starts = codePointStarts(text)
  const length = starts.length - 1
  const sorted = spans
    .filter((one) => one.start < one.end && one.start < length && one.end > 0)
    .sort(outermostFirst)
  const depths = depthsOf(sorted)
  const edges = new Set([0, length])
  for (const one of [...sorted, ...changes]) {
    edges.add(Math.min(length, Math.max(0, one.start)))
    edges.add(Math.min(length, Math.max(0, one.end)))
  }
  const places = [...edges].sort((a, b) => a - b)
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1] ?? length
    const covers = (one: { start: number; end: number }) => one.start <= from && one.end >= to
    const over = sorted.filter(covers)
    return {
      text: text.slice(starts[from], starts[to]),
      labels: over.map((one) => one.label),
      depths: over.map((one) => depths.get(one) ?? 0),
      changed: changes.some(covers),
    }
  })
}

function outermostFirst(a: Span, b: Span): number {
  return a.start - b.start || b.end - a.end
}

/** The height of a line of a text to be read, with room for the lines of spans that overlap; nothing if none do. */
export function roomFor(spans: readonly Span[]): string | undefined {
  const sorted = spans.filter((one) => one.start < one.end).sort(outermostFirst)
  const deepest = Math.max(0, ...depthsOf(sorted).values())
  return deepest ? `calc(1.65em + ${DEEPER * deepest}px)` : undefined
}

/** How far below the words the line of each span is: below those of all later ones that share characters with it. */
function depthsOf(sorted: readonly Span[]): Map<Span, number> {
  const depths = new Map<Span, number>()
  for (let at = sorted.length - 1; at >= 0; at--) {
    const one = sorted[at] as Span
    let depth = 0
    for (let next = at + 1; next < sorted.length; next++) {
      const later = sorted[next] as Span
      if (later.start >= one.end) break
      depth = Math.max(depth, (depths.get(later) ?? 0) + 1)
    }
    depths.set(one, depth)
  }
  return depths
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
export function lookOf(
  labels: readonly string[],
  depths: readonly number[] = labels.map((_, at) => labels.length - 1 - at),
): { background: string; boxShadow: string } {
  const ground = `var(--sb-mark-${colourOf(labels.at(-1) ?? '')})`
  const lines = labels
    .map((label, at) => ({ colour: colourOf(label), below: DEEPER * (depths[at] ?? 0) }))
    .sort((a, b) => a.below - b.below)
    .flatMap(({ colour, below }) => [
      ...(below ? [`0 ${below}px 0 ${ground}`] : []),
      `0 ${below + 2}px 0 var(--sb-mark-${colour}-line)`,
    ])
  return { background: ground, boxShadow: lines.join(', ') }
}
