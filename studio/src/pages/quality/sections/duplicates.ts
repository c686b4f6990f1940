import type { Json } from '../../../api/types'
import { count } from '../../../parts/figures'
import type { Block, Door } from '../blocks'
import { commonWords, dict, has, list, num, percent, texts } from '../read'

const KINDS = ['exact', 'near', 'cross_label']
const SERIES = ['word for word', 'nearly', 'under another label']
const SHOWN = 12

export function duplicates(found: Record<string, Json>, door: Door): Block[] {
  return [
    {
      type: 'numbers',
      items: [
        { name: 'word for word', value: count(num(found.exact)) },
        { name: 'nearly', value: count(num(found.near)) },
        { name: 'under another label', value: count(num(found.cross_label)) },
        {
          name: 'these three, of all records',
          value: percent(num(found.share)),
          to: door({ duplicates: 'true' }),
        },
      ],
    },
    ...Object.entries(dict(found.details)).flatMap(([axis, groups]) => byAxis(axis, dict(groups), door)),
    ...clusters(found, door),
    ...pairs(found, door),
    ...semantic(found, door),
  ]
}

function byAxis(axis: string, groups: Record<string, Json>, door: Door): Block[] {
  const rows = Object.entries(groups).map(([name, one]) => ({
    name: name || '(none)',
    values: KINDS.map((kind) => num(dict(one)[kind])),
    ...(axis === 'prompt' ? {} : { to: door({ duplicates: 'true', [axis]: name }) }),
  }))
  if (rows.every((row) => row.values.every((value) => value === 0))) return []
  return [{ type: 'stack', title: `Redundant records by ${axis}`, series: SERIES, rows }]
}

function clusters(found: Record<string, Json>, door: Door): Block[] {
  const all = list(found.clusters).slice(0, SHOWN)
  if (!all.length) return []
  const doors = all.map((one) => door({ q: commonWords(texts(dict(one).texts)) }))
  return [
    {
      type: 'bars',
      title: 'The largest groups that say the same',
      word: 'records',
      unit: 'count',
      bars: all.map((one, place) => ({
        name: texts(dict(one).texts)[0] ?? '',
        value: num(dict(one).records),
        to: doors[place],
      })),
    },
    {
      type: 'texts',
      title: 'What these groups say',
      groups: all.map((one, place) => ({
        name: [`${num(dict(one).records)} records`, texts(dict(one).labels).join(', ')]
          .filter(Boolean)
          .join(' of '),
        texts: texts(dict(one).texts),
        to: doors[place],
      })),
    },
  ]
}

function pairs(found: Record<string, Json>, door: Door): Block[] {
  const all = list(found.cross_label_pairs).slice(0, 20)
  if (!all.length) return []
  return [
    {
      type: 'texts',
      title: 'The same under two labels',
      groups: all.map((one) => ({
        name: texts(dict(one).labels).join(' and '),
        texts: texts(dict(one).texts),
        to: door({ q: commonWords(texts(dict(one).texts)) }),
      })),
    },
  ]
}

function semantic(found: Record<string, Json>, door: Door): Block[] {
  if (!has(found, 'semantic')) return []
  const one = dict(found.semantic)
  const words = `Of ${count(num(one.sample))} records looked at, ${count(num(one.records))} mean nearly what an earlier one with their label means, ${count(num(one.cross_label))} what one with another label means.`
  const near = list(one.pairs).slice(0, SHOWN)
  return [
    { type: 'words', text: words },
    ...(near.length
      ? [
          {
            type: 'texts' as const,
            title: 'Nearest in meaning',
            groups: near.map((pair) => ({
              name: [
                has(dict(pair), 'cosine') ? `${percent(num(dict(pair).cosine))} alike` : '',
                texts(dict(pair).labels).join(' and '),
              ]
                .filter(Boolean)
                .join(': '),
              texts: texts(dict(pair).texts),
              to: door({ q: commonWords(texts(dict(pair).texts)) }),
            })),
          },
        ]
      : []),
  ]
}
