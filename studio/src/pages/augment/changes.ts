import { codePointStarts } from '../../parts/marking'

/** A stretch of a text, in code points, end exclusive. */
export interface Stretch {
  start: number
  end: number
}

const WORDS = /\p{L}[\p{L}\p{M}\p{N}'’]*|\p{N}+|\s+|[^\p{L}\p{N}\s]/gu
/** More comparisons than this are not made: all of the middle counts as changed. */
const MOST = 400_000

/** What differs between two texts, by words: the stretches of each that the other does not have. */
export function changesOf(before: string, after: string): { before: Stretch[]; after: Stretch[] } {
  const a = before.match(WORDS) ?? []
  const b = after.match(WORDS) ?? []
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  ) {
    tail++
  }
  const kept = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const same = (place: number, count: number, own: ReadonlySet<number>) =>
    place < head || place >= count - tail || own.has(place - head)
  return {
    before: stretches(a, (place) => same(place, a.length, kept.a)),
    after: stretches(b, (place) => same(place, b.length, kept.b)),
  }
}

/** The places of a longest common subsequence in both. */
function common(a: readonly string[], b: readonly string[]): { a: Set<number>; b: Set<number> } {
  const found = { a: new Set<number>(), b: new Set<number>() }
  if (a.length * b.length > MOST) return found
  const width = b.length + 1
  const best = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => best[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.a.add(i++)
      found.b.add(j++)
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return found
}

function stretches(tokens: readonly string[], same: (place: number) => boolean): Stretch[] {
  const found: Stretch[] = []
  let at = 0
  for (const [place, token] of tokens.entries()) {
    const end = at + [...token].length
    const last = found.at(-1)
    if (!same(place)) {
      if (last && last.end === at) last.end = end
      else found.push({ start: at, end })
    }
    at = end
  }
  return found
}

/** A part of a long text around its first change; `from` is where it begins, in code points. */
export function excerpt(
  text: string,
  changes: readonly Stretch[],
  most = 240,
): { text: string; from: number } {
  const starts = codePointStarts(text)
  const length = starts.length - 1
  if (length <= most) return { text, from: 0 }
  const first = changes[0]?.start ?? 0
  const from = Math.max(0, Math.min(first - 60, length - most))
  const to = Math.min(length, from + most)
  return { text: text.slice(starts[from], starts[to]), from }
}
