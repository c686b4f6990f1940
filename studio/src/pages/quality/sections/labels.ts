import type { Json } from '../../../api/types'
import { count } from '../../../parts/figures'
import type { Block, Door } from '../blocks'
import { between, dict, has, list, num, percent, text, whereOf } from '../read'

const SHOWN = 15

export function labels(found: Record<string, Json>, door: Door): Block[] {
  return [...noise(found, door), ...agreement(found, door), ...suspects(found, door)]
}

function noise(found: Record<string, Json>, door: Door): Block[] {
  if (!has(found, 'noise')) return []
  const one = dict(found.noise)
  const pairs = list(one.pairs).map(dict)
  return [
    {
      type: 'numbers',
      items: [
        { name: 'labels that are likely wrong', value: count(num(one.wrong)), to: door({ doubted: 'true' }) },
        { name: 'of all labels', value: percent(num(one.share)) },
        { name: 'agrees with the classifier', value: percent(num(dict(one.classifier).agrees)) },
      ],
    },
    {
      type: 'bars',
      title: 'Labels that are likely wrong, by the label given',
      word: 'of its records',
      unit: 'share',
      bars: Object.entries(dict(one.by_label)).map(([label, each]) => ({
        name: label,
        value: num(dict(each).share),
        to: door({ label, doubted: 'true' }),
      })),
    },
    ...(pairs.length
      ? [
          {
            type: 'bars' as const,
            title: 'Given, and what fits better',
            word: 'records',
            unit: 'count' as const,
            bars: pairs.map((pair) => ({
              name: `${text(pair.label)} → ${text(pair.suggested)}`,
              value: num(pair.wrong),
              to: door({ label: text(pair.label), doubted: 'true' }),
            })),
          },
        ]
      : []),
  ]
}

function agreement(found: Record<string, Json>, door: Door): Block[] {
  const one = dict(found.agreement)
  if (!has(found, 'agreement')) return []
  const by = Object.entries(dict(one.by_label))
  const share = num(one.share ?? one.agreement)
  return [
    {
      type: 'numbers',
      items: [
        {
          name: `a second model agrees ${between(one.share_interval ?? one.interval)}`.trim(),
          value: percent(share),
        },
        { name: "Cohen's kappa", value: text(one.kappa) },
        { name: 'records it labelled', value: count(num(one.records)) },
      ],
    },
    ...(by.length
      ? [
          {
            type: 'bars' as const,
            title: 'Where the second model agrees, by label',
            word: 'agree',
            unit: 'share' as const,
            bars: by.map(([label, each]) => ({
              name: label,
              value: num(dict(each).share ?? dict(each).agreement),
              to: door({ label }),
            })),
          },
        ]
      : []),
  ]
}

function suspects(found: Record<string, Json>, door: Door): Block[] {
  const all = list(found.suspects).map(dict)
  if (!all.length) return []
  return [
    {
      type: 'grid',
      title: 'The likeliest',
      head: ['Text', 'Label', 'Fits better', 'How sure'],
      rows: all.slice(0, SHOWN).map((one) => ({
        cells: [text(one.text), text(one.label), text(one.suggested), percent(num(one.score))],
        to: door(whereOf(one.record, one.text)),
      })),
    },
  ]
}
