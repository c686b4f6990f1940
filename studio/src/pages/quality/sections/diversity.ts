import type { Json } from '../../../api/types'
import { count } from '../../../parts/figures'
import type { Block, Door } from '../blocks'
import { dict, has, list, num, percent, text } from '../read'

export function diversity(found: Record<string, Json>, door: Door): Block[] {
  const labels = Object.entries(dict(found.by_label))
  const sets: [string, Record<string, Json>, string?][] = [
    ['all', found],
    ...labels.map(([name, one]): [string, Record<string, Json>, string] => [
      name || '(none)',
      dict(one),
      door({ label: name }),
    ]),
    ...(has(found, 'real') ? [['real texts', dict(found.real)] as [string, Record<string, Json>]] : []),
  ]
  return [
    {
      type: 'words',
      text: 'Different texts teach more. Distinct pairs: how many pairs of words are said once. Compression: how many times smaller the texts become; what people write, 2 to 3 times. Self-BLEU: how much of a text is found in the others, from 0 to 1.',
    },
    {
      type: 'bars',
      title: 'Distinct pairs of words, of all pairs',
      word: 'distinct pairs',
      unit: 'share',
      bars: sets.map(([name, one, to]) => ({ name, value: num(one.distinct_2), to })),
    },
    {
      type: 'grid',
      title: 'Texts',
      head: ['Set', 'Records', 'Words', 'Vocabulary', 'Distinct pairs', 'Compression', 'Self-BLEU'],
      rows: sets.map(([name, one, to]) => ({
        cells: [
          name,
          count(num(one.records)),
          `${num(dict(one.words).mean)} (${num(dict(one.words).p5)} to ${num(dict(one.words).p95)})`,
          count(num(one.vocabulary)),
          text(one.distinct_2),
          text(one.compression),
          text(one.self_bleu),
        ],
        to,
      })),
    },
    ...openings(found, door),
    ...repeated(found, door),
    ...told(found),
  ]
}

function openings(found: Record<string, Json>, door: Door): Block[] {
  const all = list(found.openings).map(dict)
  if (!all.length) return []
  return [
    {
      type: 'bars',
      title: 'How texts begin',
      word: 'records',
      unit: 'count',
      bars: all.map((one) => ({
        name: text(one.opening),
        value: num(one.records),
        to: door({ q: text(one.opening) }),
      })),
    },
  ]
}

function repeated(found: Record<string, Json>, door: Door): Block[] {
  const all = list(found.repeated).map(dict)
  if (!all.length) return []
  return [
    {
      type: 'bars',
      title: 'Runs of five words, and how many texts have them',
      word: 'of the texts',
      unit: 'share',
      bars: all.map((one) => ({
        name: text(one.words),
        value: num(one.share),
        to: door({ q: text(one.words) }),
      })),
    },
  ]
}

function told(found: Record<string, Json>): Block[] {
  const one = dict(found.two_sample)
  if (!has(one, 'auc')) return []
  const words = `Of a synthetic and a real text a classifier says in ${percent(num(one.auc))} of cases which is which; 50 % is chance.`
  const sides = [
    ['Words that speak for these texts', list(one.words_synthetic)],
    ['Words that speak for real texts', list(one.words_real)],
  ] as const
  return [
    { type: 'words', text: words },
    ...sides.map(
      ([title, terms]): Block => ({
        type: 'grid',
        title,
        head: ['Words', 'In these texts', 'In real texts'],
        rows: terms.map(dict).map((term) => ({
          cells: [text(term.words), percent(num(term.synthetic)), percent(num(term.real))],
        })),
      }),
    ),
  ]
}
