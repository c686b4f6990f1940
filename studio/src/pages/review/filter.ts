import type { RecordFilter, Sort } from '../../api/records'

const NAMES = [
  'decision',
  'label',
  'model',
  'source',
  'tag',
  'span',
  'reason',
  'person',
  'work',
  'q',
] as const

export interface Listing {
  where: RecordFilter
  sort: Sort
  /** A record that is shown first, whatever the filter. */
  record?: string
}

const SORTS: Sort[] = ['first', 'last', 'doubt', 'twins']

/** The order in which a filter is read if nobody says otherwise: of duplicates, group after group. */
export function usual(where: RecordFilter): Sort {
  return where.duplicates ? 'twins' : 'first'
}

/** The filter that an address says: `?decision=todo&label=polite`. */
export function parsed(search: string): Listing {
  const given = new URLSearchParams(search)
  const where: Record<string, string | boolean> = {}
  for (const name of NAMES) {
    const value = given.get(name)
    if (value) where[name] = value
  }
  if (given.get('doubted') === 'true') where.doubted = true
  if (given.get('duplicates') === 'true') where.duplicates = true
  if (given.get('overlapping') === 'true') where.overlapping = true
  const sort = SORTS.find((one) => one === given.get('sort'))
  return {
    where: where as RecordFilter,
    sort: sort ?? usual(where as RecordFilter),
    record: given.get('record') ?? undefined,
  }
}

/** The same as an address has it. */
export function written({ where, sort }: Listing): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(where)) if (value) search.set(name, String(value))
  if (sort !== usual(where)) search.set('sort', sort)
  return search.toString()
}

/** Filters as a person says them. */
export function filterWords(where: RecordFilter): { name: keyof RecordFilter; words: string }[] {
  const titles: Record<string, string> = { q: 'words', work: 'task', span: 'marked' }
  const shown = ['decision', 'q', 'doubted', 'duplicates']
  return Object.entries(where)
    .filter(([name, value]) => value && !shown.includes(name))
    .map(([name, value]) => ({
      name: name as keyof RecordFilter,
      words: name === 'overlapping' ? 'spans that overlap' : `${titles[name] ?? name}: ${String(value)}`,
    }))
}
