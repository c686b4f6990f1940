import type { Json } from '../../../api/types'
import { count } from '../../../parts/figures'
import type { Block, Door } from '../blocks'
import { dict, has, list, num, percent, text, whereOf } from '../read'

export function privacy(found: Record<string, Json>, door: Door): Block[] {
  const runs = dict(found.copied_runs)
  const nearest = dict(found.nearest)
  const sides = [
    ['these records', dict(nearest.synthetic)],
    ['other real records', dict(nearest.real)],
  ] as const
  return [
    {
      type: 'numbers',
      items: [
        { name: 'copies of real records', value: count(num(found.exact)) },
        { name: 'nearly copies', value: count(num(found.near)) },
        { name: `with ${num(runs.words)} words in a row of a real one`, value: count(num(runs.records)) },
        ...(has(found, 'nearest')
          ? [{ name: 'closer than one in twenty real ones', value: percent(num(nearest.closer)) }]
          : []),
      ],
    },
    ...(has(found, 'nearest')
      ? [
          {
            type: 'bars' as const,
            title: 'Similarity to the nearest real record (median; the line: quarter to three quarters)',
            word: 'similarity',
            unit: 'number' as const,
            bars: sides.map(([name, one]) => ({
              name,
              value: num(one.median),
              low: num(one.p25),
              high: num(one.p75),
            })),
          },
        ]
      : []),
    ...copies('Copies', list(found.copies).map(dict), door),
    ...copies('Runs of words out of real records', list(runs.examples).map(dict), door),
    ...personal(dict(found.personal)),
  ]
}

function copies(title: string, all: Record<string, Json>[], door: Door): Block[] {
  if (!all.length) return []
  return [
    {
      type: 'texts',
      title,
      groups: all.map((one) => ({
        name: text(one.words ?? one.kind),
        texts: [text(one.text), text(one.real)].filter(Boolean),
        to: door(whereOf(one.record, one.text)),
      })),
    },
  ]
}

function personal(one: Record<string, Json>): Block[] {
  const kinds = Object.entries(dict(one.kinds))
  if (!kinds.length) return []
  return [
    {
      type: 'bars',
      title: `What looks like personal data, in ${count(num(one.records))} of ${count(num(one.sample))} records`,
      word: 'found',
      unit: 'count',
      bars: kinds.map(([name, number]) => ({ name, value: num(number) })),
    },
  ]
}
