import type { Json } from '../../../api/types'
import { count } from '../../../parts/figures'
import type { Block, Door } from '../blocks'
import { capital, dict, has, list, num, text, texts } from '../read'

const FILTERS = ['label', 'model']

export function balance(found: Record<string, Json>, door: Door): Block[] {
  const target = text(found.against) === 'target'
  const axes = Object.entries(dict(found.axes))
  const blocks = axes.map(([axis, one]): Block => {
    const missing = texts(dict(one).missing)
    const bars = Object.entries(dict(dict(one).values)).map(([value, each]) => ({
      name: value,
      value: num(dict(each).records),
      ...(has(each, 'target') ? { wanted: num(dict(each).target) } : {}),
      ...(FILTERS.includes(axis) ? { to: door({ [axis]: value }) } : { key: `${axis}=${value}` }),
    }))
    const said = `divergence ${num(dict(one).divergence)}${missing.length ? `, nothing of ${missing.join(', ')}` : ''}`
    return { type: 'bars', title: `${capital(axis)}: ${said}`, word: 'records', unit: 'count', bars }
  })
  const off = list(found.cells_off).map((cell) => {
    const names = axes.map(([axis]) => text(dict(cell)[axis]))
    return {
      cells: [names.join(' · '), count(num(dict(cell).records)), count(num(dict(cell).target))],
      ...(text(dict(cell).label) ? { to: door({ label: text(dict(cell).label) }) } : {}),
    }
  })
  return [
    {
      type: 'words',
      text: target
        ? 'How many records there are of each kind; the dark mark is what the recipe asked for. A divergence of 0 means as wanted, 1 that nothing agrees.'
        : 'How many records there are of each kind. No recipe says what was wanted: the divergence, from 0 to 1, is from equal shares.',
    },
    ...blocks,
    ...(off.length
      ? [
          {
            type: 'grid' as const,
            title: 'Combinations that hold more or fewer than asked',
            head: ['Combination', 'Records', 'Asked for'],
            rows: off,
          },
        ]
      : []),
  ]
}
