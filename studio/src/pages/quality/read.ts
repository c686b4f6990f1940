import type { Json } from '../../api/types'
import { count } from '../../parts/figures'

// Figures are plain data whose shape depends on what was measured: these read what is there.

export type Given = Json | undefined

export function dict(value: Given): Record<string, Json> {
  return value && typeof value === 'object' && !Array.isArray(value) ? value : {}
}

export function list(value: Given): Json[] {
  return Array.isArray(value) ? value : []
}

export function num(value: Given, other = 0): number {
  return typeof value === 'number' ? value : other
}

export function text(value: Given): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export function texts(value: Given): string[] {
  return list(value).map(text)
}

export function has(value: Given, name: string): boolean {
  const found = dict(value)[name]
  return found !== undefined && found !== null
}

/** A share of 0 to 1 with one decimal: "6.9 %". */
export function percent(value: number): string {
  const shown = 100 * value
  return `${shown >= 10 || shown === 0 ? Math.round(shown) : shown.toFixed(1)} %`
}

export function between(value: Given): string {
  const [low, high] = list(value)
  return low === undefined || high === undefined ? '' : `${percent(num(low))} to ${percent(num(high))}`
}

export function figure(value: number, unit: 'count' | 'share' | 'number'): string {
  if (unit === 'count') return count(value)
  return unit === 'share' ? percent(value) : String(Math.round(value * 1000) / 1000)
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu

/** Words that all of some texts have, in the order of the first: finds these texts in a search. */
export function commonWords(all: readonly string[], most = 12): string {
  const [first = '', ...others] = all
  const sets = others.map((one) => new Set(one.toLowerCase().match(WORD) ?? []))
  const words = (first.replace(/…$/, '').match(WORD) ?? []).filter((word) =>
    sets.every((set) => set.has(word.toLowerCase())),
  )
  return [...new Set(words)].slice(0, most).join(' ')
}

/** Where one record of a report is: by its id, or by its words where the report knows it by its place. */
export function whereOf(record: Given, said: Given): Record<string, string> {
  const id = text(record)
  return id.includes(':') ? { record: id } : { q: commonWords([text(said)]) }
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
