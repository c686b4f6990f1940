import type { Like } from '../../../api/records'
import type { ReviewRecord } from '../../../api/types'
import { diff } from './diff'

/** Records like another one that say the same under the same label: one stands for all of them. */
export interface LikeGroup {
  first: Like
  all: Like[]
  /** What sets it apart from the record in focus: "word for word", or the first words that differ. */
  apart: string
}

const SHOWN = 36

/** The likest records, those that say the very same put together, in their order. */
export function grouped(row: ReviewRecord, like: readonly Like[]): LikeGroup[] {
  const found = new Map<string, LikeGroup>()
  for (const one of like) {
    const key = JSON.stringify([one.text, one.label])
    const known = found.get(key)
    if (known) known.all.push(one)
    else found.set(key, { first: one, all: [one], apart: apart(row.text, one.text) })
  }
  return [...found.values()]
}

function apart(one: string, other: string): string {
  const words = diff(one, other).filter(({ words: said }) => said.trim())
  const own = words.find(({ side }) => side === 'other')
  if (own) return `“${shortly(own.words)}”`
  const lacking = words.find(({ side }) => side === 'this')
  return lacking ? `without “${shortly(lacking.words)}”` : 'word for word'
}

function shortly(words: string): string {
  const said = words.trim()
  return said.length > SHOWN ? `${said.slice(0, SHOWN)}…` : said
}
