import type { Schema } from '../../../api/types'
import type { WordsOf } from '../../../parts/schema/words'

/** Settings that the page shows in its own way. */
export const OMITTED = ['kind', 'max_proportion', 'transforms']

/** Settings of a step in a chain that only a whole chain can have. */
export const OF_A_WHOLE = [...OMITTED, 'copies', 'becomes']

/** The settings that are a transform's own, not those that all have. */
export function ownSettings(schema: Schema): string[] {
  const all = ['copies', 'labels', 'becomes', 'inside']
  return Object.keys(schema.properties ?? {}).filter((name) => !all.includes(name))
}

/** What the settings that all transforms have mean. */
export const WORDS: WordsOf = {
  copies: {
    title: 'Copies of each record',
    help: 'So many different copies of each record that is drawn; else as many as the plan says.',
  },
  labels: {
    title: 'Marked words, by label',
    help: 'What may happen inside words marked with a label: protect (nothing), allow, or only (nothing elsewhere).',
  },
  inside: {
    title: 'Other marked words',
    help: 'The same for all labels that are not named above.',
  },
  becomes: {
    title: 'What labels become',
    help: 'For a transform that turns what a text says: the label a record has after it.',
  },
  prob: {
    title: 'Chance of each place',
    help: 'Of the places in a text that could be changed, this share is: 1 is all of them.',
  },
}
