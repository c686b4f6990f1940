export interface Part {
  side: 'both' | 'this' | 'other'
  words: string
}

/** Longer texts are compared by their first words only: the table below grows with the square. */
const MOST = 700

/** What two texts have in common, word by word, and what only one of them has (longest common subsequence). */
export function diff(one: string, other: string): Part[] {
  const a = one.split(/(?<=\s)/).slice(0, MOST)
  const b = other.split(/(?<=\s)/).slice(0, MOST)
  const width = b.length + 1
  const table = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number) => table[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = equal(a[i], b[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const parts: Part[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && equal(a[i], b[j])) {
      add(parts, 'both', a[i++] ?? '')
      j++
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1)))
      add(parts, 'this', a[i++] ?? '')
    else add(parts, 'other', b[j++] ?? '')
  }
  return parts
}

function equal(a: string | undefined, b: string | undefined): boolean {
  return a?.trim() === b?.trim()
}

function add(parts: Part[], side: Part['side'], words: string): void {
  const last = parts.at(-1)
  if (last?.side === side) last.words += words
  else parts.push({ side, words })
}
