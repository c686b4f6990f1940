import type { Json } from '../../../api/types'
import { count } from '../../../parts/figures'
import type { Bar, Block, Door } from '../blocks'
import { dict, has, list, num, text } from '../read'

const SETS: Record<string, string> = {
  synthetic: 'these records',
  real: 'real records',
  both: 'both together',
  real_as_many: 'as many real ones',
}
const TITLES: Record<string, string> = {
  tfidf: 'words and pairs of words',
  embedding: 'word vectors',
}

export function usefulness(found: Record<string, Json>, door: Door): Block[] {
  const words: Block = {
    type: 'words',
    text: 'What a model that has learned from these records makes of real ones. The line at the end of a bar is where the figure lies with 95 %.',
  }
  return [
    words,
    ...byLabels(dict(found.labels), door),
    ...byEntities(dict(found.entities), door),
    ...answers(dict(found.answers)),
  ]
}

function byLabels(one: Record<string, Json>, door: Door): Block[] {
  const classifiers = Object.entries(dict(one.classifiers)).map(([name, each]) => [name, dict(each)] as const)
  if (!classifiers.length) return []
  const majority = dict(one.majority)
  const bars = (name: string) =>
    classifiers.map(([kind, each]): Block => {
      const title = `${name === 'accuracy' ? 'Right, of all test records' : 'Macro-F1'}, by ${TITLES[kind] ?? kind}`
      const common = has(majority, name)
        ? [{ name: `always “${text(majority.label)}”`, value: num(majority[name]) }]
        : []
      return { type: 'bars', title, word: 'right', unit: 'share', bars: [...trained(each, name), ...common] }
    })
  return [
    {
      type: 'words',
      text: `Tested on ${count(num(dict(one.tested_on).records))} real records.`,
    },
    ...bars('accuracy'),
    ...bars('macro_f1'),
    curve('Right, by the number of these records learned from', classifiers, 'accuracy'),
    ...classifiers.slice(0, 1).map(
      ([kind, each]): Block => ({
        type: 'bars',
        title: `F1 by label, learned from these records, by ${TITLES[kind] ?? kind}`,
        word: 'F1',
        unit: 'share',
        bars: Object.entries(dict(each.by_label)).map(([label, own]) => ({
          name: label,
          ...measured(dict(dict(own).synthetic), 'f1'),
          to: door({ label }),
        })),
      }),
    ),
  ]
}

function byEntities(one: Record<string, Json>, door: Door): Block[] {
  if (!has(one, 'synthetic')) return []
  const labels = Object.entries(dict(one.by_label))
  return [
    { type: 'bars', title: 'F1 of all entities', word: 'F1', unit: 'share', bars: trained(one, 'f1') },
    {
      type: 'bars',
      title: 'F1 of each kind of entity, learned from these records',
      word: 'F1',
      unit: 'share',
      bars: labels.map(([label, own]) => ({
        name: label,
        ...measured(dict(dict(own).synthetic), 'f1'),
        to: door({ span: label }),
      })),
    },
    curve('F1, by the number of these records learned from', [['entities', one]], 'f1'),
  ]
}

function answers(one: Record<string, Json>): Block[] {
  const fields = Object.entries(dict(one.fields))
  if (!fields.length) return []
  return (['exact', 'f1'] as const).map((name) => ({
    type: 'bars',
    title: name === 'exact' ? 'Answers that are the same' : 'F1 of the words of answers',
    word: name === 'exact' ? 'the same' : 'F1',
    unit: 'share',
    bars: fields.map(([field, each]) => ({ name: field, ...measured(dict(each), name) })),
  }))
}

function trained(each: Record<string, Json>, name: string): Bar[] {
  return Object.entries(SETS)
    .filter(([key]) => has(each, key))
    .map(([key, title]) => ({ name: title, ...measured(dict(each[key]), name) }))
}

function measured(one: Record<string, Json>, name: string): Pick<Bar, 'value' | 'low' | 'high'> {
  const [low, high] = list(one[`${name}_interval`])
  const value = num(one[name])
  return low === undefined ? { value } : { value, low: num(low), high: num(high) }
}

function curve(
  title: string,
  all: readonly (readonly [string, Record<string, Json>])[],
  name: string,
): Block {
  return {
    type: 'lines',
    title,
    across: 'records learned from',
    word: name === 'f1' ? 'F1' : 'right',
    lines: all.map(([kind, each]) => ({
      name: TITLES[kind] ?? kind,
      points: list(each.curve)
        .map(dict)
        .map((point) => {
          const { value, low, high } = measured(point, name)
          return { x: num(point.records), y: value, low, high }
        }),
    })),
  }
}
