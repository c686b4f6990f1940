import type { Schema } from '../../api/types'
import { helpOf, titleOf } from './shape'

export interface Words {
  title?: string
  help?: string
  /** Grey text in an empty field. */
  sample?: string
  /** Written in a field of several lines. */
  long?: boolean
  /** What there is to choose from. */
  choices?: string[]
}

export type WordsOf = Record<string, Words>

/** What is said beside the rows of a field, by their names: the whole count that a weight comes to. */
export interface Beside {
  [name: string]: string | Beside
}

/** What is said below one name. */
export function below(beside: Beside | undefined, name: string): Beside | undefined {
  const found = beside?.[name]
  return typeof found === 'object' ? found : undefined
}

/** What stands above and below a field: the page's own words, else those of the schema. */
export function wordsFor(name: string, schema: Schema, own: WordsOf = {}): Required<Words> {
  const words = own[name] ?? {}
  const sample = schema.examples?.find((one) => typeof one === 'string' || typeof one === 'number')
  return {
    title: words.title ?? titleOf(name),
    help: words.help ?? helpOf(schema),
    sample: words.sample ?? (sample === undefined ? '' : String(sample)),
    long: words.long ?? LONG.has(name),
    choices: words.choices ?? [],
  }
}

const LONG = new Set(['prompt', 'system', 'instruction', 'rubric', 'template', 'text', 'description'])
