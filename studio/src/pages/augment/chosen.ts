import type { Some } from '../../api/augment'
import type { RecordFilter } from '../../api/records'
import type { TaskFilter } from '../../api/tasks'
import { counted } from '../../parts/figures'
import { inProject } from '../../parts/where'

interface Asked {
  tasks: boolean
  ids?: string[]
  where: TaskFilter
}

const NAMES = ['work', 'person', 'tag', 'source', 'label', 'span', 'model', 'reason', 'q'] as const
const FLAGS = ['doubted', 'duplicates'] as const
const KEPT = 'seedbed-augment-chosen'

/** The address of Augment for some tasks only: filters stand in it, ids are kept in the tab. */
export function toAugment(project: string, dataset: string, { tasks, ids, where }: Asked): string {
  const search = new URLSearchParams({ dataset, of: ids ? 'chosen' : tasks ? 'tasks' : 'records' })
  if (ids) sessionStorage.setItem(KEPT, JSON.stringify({ dataset, ids, tasks }))
  else for (const name of [...NAMES, ...FLAGS]) if (where[name]) search.set(name, String(where[name]))
  return `${inProject(project, 'augment')}?${search}`
}

/** What an address asks to be augmented; null for all of the dataset. */
export function chosenIn(search: URLSearchParams): Some | null {
  const of = search.get('of')
  if (of === 'chosen') {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as
      | (Required<Pick<Some, 'ids' | 'tasks'>> & { dataset: string })
      | null
    return kept?.dataset === search.get('dataset') ? { ids: kept.ids, tasks: kept.tasks } : null
  }
  if (of !== 'tasks') return null
  const where: Record<string, string | boolean> = {}
  for (const name of NAMES) {
    const value = search.get(name)
    if (value) where[name] = value
  }
  for (const name of FLAGS) if (search.get(name) === 'true') where[name] = true
  return { tasks: true, where: where as RecordFilter }
}

const WORK: Record<string, string> = { todo: 'to do', doing: 'in progress', done: 'done' }

/** "12 tasks that are done, with the tag hard". */
export function wordsOf(some: Some, number: number): string {
  const { work, person, tag, source, label, span, model, reason, q, doubted, duplicates } = some.where ?? {}
  const parts = [
    work && `${number === 1 ? 'is' : 'are'} ${WORK[work] ?? work}`,
    person && `of ${person}`,
    tag && `with the tag ${tag}`,
    label && `with the label ${label}`,
    span && `with a ${span}`,
    model && `by ${model}`,
    reason && `with the reason ${reason}`,
    doubted && 'with a doubted label',
    duplicates && 'said nearly twice',
    source,
    q && `with “${q}”`,
  ].filter(Boolean)
  return [counted(number, some.tasks ? 'task' : 'record'), parts.join(', ')].filter(Boolean).join(': ')
}
