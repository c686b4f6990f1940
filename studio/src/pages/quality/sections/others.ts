import type { Json } from '../../../api/types'
import { count, money } from '../../../parts/figures'
import type { Block, Door, Stack } from '../blocks'
import { between, dict, has, list, num, percent, text, texts, whereOf } from '../read'

export function bias(found: Record<string, Json>, door: Door): Block[] {
  const blocks = Object.entries(found).flatMap(([kind, one]): Block[] => {
    const groups = Object.entries(dict(dict(one).groups))
    if (!groups.length) return []
    const strength = has(one, 'strength') ? `, strength with the label ${num(dict(one).strength)}` : ''
    const skewed = list(dict(one).skewed).map(dict)
    return [
      {
        type: 'bars',
        title: `Records by ${kind}${strength}`,
        word: 'records',
        unit: 'count',
        bars: groups.slice(0, 12).map(([name, each]) => ({
          name,
          value: num(dict(each).records),
          ...(kind === 'gender' ? {} : { to: door({ q: name }) }),
        })),
      },
      ...(skewed.length
        ? [
            {
              type: 'grid' as const,
              title: 'Met more, or less, under a label than elsewhere',
              head: ['Group and label', 'Records', 'Share there', 'Elsewhere'],
              rows: skewed.map((each) => ({
                cells: [
                  `${text(each.group)} under ${text(each.label)}`,
                  count(num(each.records)),
                  percent(num(each.share)),
                  percent(num(each.elsewhere)),
                ],
                to: door({ label: text(each.label) }),
              })),
            },
          ]
        : []),
    ]
  })
  const words: Block = {
    type: 'words',
    text: 'Whom and where the texts speak of, and whether that goes with a label: a strength of 0 means that it does not, 1 that one tells the other.',
  }
  return [words, ...blocks]
}

/** `door` of a reason leads to the runs: what was not accepted is in no dataset. */
export function cost(found: Record<string, Json>, door: Door, runs: string): Block[] {
  const reasons = Object.entries(dict(found.rejected))
  const models = Object.entries(dict(found.models)).filter(([name]) => name)
  return [
    {
      type: 'numbers',
      items: [
        { name: 'cost', value: money(num(found.cost, Number.NaN) >= 0 ? num(found.cost) : null) },
        { name: 'calls', value: count(num(found.calls)) },
        { name: 'tokens', value: count(num(dict(found.tokens).input) + num(dict(found.tokens).output)) },
        { name: 'accepted, of all made', value: percent(num(found.acceptance)) },
      ],
    },
    ...(reasons.length
      ? [
          {
            type: 'bars' as const,
            title: 'Not accepted, by reason',
            word: 'records',
            unit: 'count' as const,
            bars: reasons.map(([name, number]) => ({
              name: name.replaceAll('_', ' '),
              value: num(number),
              to: runs,
            })),
          },
        ]
      : []),
    ...(models.length
      ? [
          {
            type: 'bars' as const,
            title: 'Accepted, by model',
            word: 'records',
            unit: 'count' as const,
            bars: models.map(([name, one]) => ({
              name,
              value: num(dict(one).accepted),
              to: door({ model: name }),
            })),
          },
        ]
      : []),
  ]
}

export function compare(found: Record<string, Json>, door: Door): Block[] {
  const by = text(found.by)
  const filter = by === 'label' || by === 'model'
  const rows = Object.entries(dict(found.rows)).map(([name, one]) => ({
    name: name || '(none)',
    one: dict(one),
    ...(filter ? { to: door({ [by]: name }) } : {}),
  }))
  const repeats: Stack = {
    type: 'stack',
    title: `Records that repeat another one, by ${by}`,
    series: ['word for word', 'nearly', 'under another label'],
    rows: rows.map(({ name, one, to }) => ({
      name,
      values: ['exact', 'near', 'cross_label'].map((kind) => num(dict(one.duplicates)[kind])),
      to,
    })),
  }
  return [
    ...(repeats.rows.some((row) => row.values.some(Boolean)) ? [repeats] : []),
    {
      type: 'bars',
      title: `Distinct pairs of words, of equally many texts, by ${by}`,
      word: 'distinct pairs',
      unit: 'share',
      bars: rows.map(({ name, one, to }) => ({ name, value: num(dict(one.diversity).distinct_2), to })),
    },
    {
      type: 'grid',
      title: 'Side by side',
      head: [by, 'Records', 'Duplicates', '95 % interval', 'Words', 'Compression', 'Self-BLEU', 'Accepted'],
      rows: rows.map(({ name, one, to }) => ({
        cells: [
          name,
          count(num(one.records)),
          percent(num(dict(one.duplicates).share)),
          between(dict(one.duplicates).interval),
          text(dict(dict(one.diversity).words).mean),
          text(dict(one.diversity).compression),
          text(dict(one.diversity).self_bleu),
          has(one, 'acceptance') ? percent(num(one.acceptance)) : '–',
        ],
        to,
      })),
    },
  ]
}

export function faithfulness(found: Record<string, Json>, door: Door): Block[] {
  const grounded = dict(found.grounded)
  const kinds = Object.entries(dict(found.kinds))
  return [
    {
      type: 'numbers',
      items: [
        { name: 'answers with evidence', value: percent(num(dict(found.evidence).share)) },
        { name: 'quotes that are nowhere', value: count(num(dict(found.evidence).lost)) },
        ...(has(found, 'grounded')
          ? [
              {
                name: `answers that rest on it ${between(grounded.interval)}`,
                value: percent(num(grounded.share)),
              },
            ]
          : []),
        ...(has(found, 'coverage')
          ? [{ name: 'of the documents touched', value: percent(num(dict(found.coverage).share)) }]
          : []),
      ],
    },
    ...(kinds.length
      ? [
          {
            type: 'bars' as const,
            title: 'Kinds of questions',
            word: 'records',
            unit: 'count' as const,
            bars: kinds.map(([name, number]) => ({ name, value: num(number), key: `kind=${name}` })),
          },
        ]
      : []),
    ...examples(
      'Answers that do not rest on their evidence',
      list(grounded.examples),
      ['question', 'answer'],
      door,
    ),
  ]
}

export function judges(found: Record<string, Json>, door: Door): Block[] {
  return Object.entries(found).flatMap(([name, given]): Block[] => {
    const one = dict(given)
    const by = Object.entries(dict(one.by_label))
    return [
      {
        type: 'numbers',
        items: [
          { name: `mean mark of ${name}`, value: text(one.mean) },
          { name: 'judged', value: count(num(one.records)) },
        ],
      },
      ...(by.length
        ? [
            {
              type: 'bars' as const,
              title: `Mean mark of ${name}, by label`,
              word: 'mean mark',
              unit: 'number' as const,
              bars: by.map(([label, each]) => ({
                name: label,
                value: num(dict(each).mean),
                low: num(list(dict(each).interval)[0]),
                high: num(list(dict(each).interval)[1]),
                to: door({ label }),
              })),
            },
          ]
        : []),
      ...examples('The lowest marks', list(one.lowest), ['text', 'reason'], door),
    ]
  })
}

function examples(title: string, all: Json[], fields: string[], door: Door): Block[] {
  const groups = all.map(dict).map((one) => ({
    name: text(one.mark ?? one.label),
    texts: texts(fields.map((name) => one[name] ?? '')).filter(Boolean),
    to: door(whereOf(one.record, one[fields[0] ?? ''])),
  }))
  return groups.length ? [{ type: 'texts', title, groups }] : []
}
