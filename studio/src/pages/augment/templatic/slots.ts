import type { Span } from '../../../api/types'

/** A piece of a sentence: plain, or a slot with its label. */
export interface Bit {
  text: string
  /** The slot's name without its number: what its words will be labelled with. */
  label: string
}

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g
const SLOT = /^(?:(?:[aA]|cap|upper|lower):)*(\p{L}[\p{L}\p{N}_-]*)$/u

/** A sentence cut at its slots; "{{" and "}}" are braces. */
export function bitsOf(text: string): Bit[] {
  const bits: Bit[] = []
  let at = 0
  for (const found of text.matchAll(PIECE)) {
    const label = labelOf(found[1])
    if (!label) continue
    if (found.index > at) bits.push({ text: text.slice(at, found.index), label: '' })
    bits.push({ text: found[0], label })
    at = found.index + found[0].length
  }
  if (at < text.length) bits.push({ text: text.slice(at), label: '' })
  return bits
}

function labelOf(inside: string | undefined): string {
  const name = inside?.trim().match(SLOT)?.[1] ?? ''
  return name.replace(/_\d+$/, '')
}

/** The labels of the slots in some sentences, each once. */
export function slotsOf(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => bitsOf(text).map((bit) => bit.label)))].filter(Boolean)
}

/** What is wrong with the braces of a sentence, or nothing. */
export function problemOf(text: string): string {
  for (const found of text.matchAll(PIECE)) {
    if (found[0] === '{') return 'A brace is opened and not closed. Write {{ for a brace.'
    if (found[0] === '}') return 'A brace is closed that was not opened. Write }} for a brace.'
    if (found[1] !== undefined && !labelOf(found[1])) {
      return `${found[0]} is no slot: write a name between the braces, such as {PER}.`
    }
  }
  return ''
}

/** The slots as spans, in code points, so that they are shown as the words in their places will be. */
export function spansOf(text: string): Span[] {
  const spans: Span[] = []
  let at = 0
  for (const bit of bitsOf(text)) {
    const end = at + [...bit.text].length
    if (bit.label) spans.push({ start: at, end, label: bit.label })
    at = end
  }
  return spans
}
