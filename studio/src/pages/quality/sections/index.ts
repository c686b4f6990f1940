import type { Figures } from '../../../api/reports'
import type { Json } from '../../../api/types'
import type { Block, Door } from '../blocks'
import { dict } from '../read'
import { balance } from './balance'
import { diversity } from './diversity'
import { duplicates } from './duplicates'
import { labels } from './labels'
import { bias, compare, cost, faithfulness, judges } from './others'
import { privacy } from './privacy'
import { usefulness } from './usefulness'

/** Sections in the order of the page. */
export const SECTIONS: Record<string, string> = {
  compare: 'Side by side',
  balance: 'Balance',
  duplicates: 'Duplicates',
  diversity: 'Diversity',
  labels: 'Label noise',
  usefulness: 'Usefulness',
  privacy: 'Privacy',
  bias: 'Bias',
  faithfulness: 'Faithfulness',
  judges: 'Judges',
  cost: 'Cost',
}

type Build = (found: Record<string, Json>, door: Door, runs: string) => Block[]

const BUILD: Record<string, Build> = {
  compare,
  balance,
  duplicates,
  diversity,
  labels,
  usefulness,
  privacy,
  bias,
  faithfulness,
  judges,
  cost,
}

export interface Section {
  name: string
  title: string
  blocks: Block[]
}

/** What a report shows: its sections, each as plots, numbers and texts. */
export function sectionsOf(figures: Figures, door: Door, runs: string): Section[] {
  return Object.entries(SECTIONS).flatMap(([name, title]) => {
    const found = dict(figures[name])
    const blocks = Object.keys(found).length ? (BUILD[name]?.(found, door, runs) ?? []) : []
    return blocks.length ? [{ name, title, blocks }] : []
  })
}
