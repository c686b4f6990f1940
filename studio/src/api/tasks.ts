import { useQuery } from '@tanstack/react-query'
import { address, get, patch, post, upload } from './client'
import { keys } from './keys'
import type {
  BulkChange,
  Chosen,
  RecordChange,
  RecordFilter,
  RecordPage,
  ReviewCounts,
  Sort,
} from './records'
import type { ReviewRecord, Span } from './types'

/** Which tasks: of one dataset or of a whole project. */
export interface TaskFilter extends Omit<RecordFilter, 'decision'>, TaskScope {}

/** One dataset, or a whole project. */
export interface TaskScope {
  dataset?: string
  project?: string
}

export function fetchTasks(where: TaskFilter, cursor: string): Promise<RecordPage> {
  const sort: Sort = where.duplicates ? 'twins' : 'first'
  return get<RecordPage>(['annotation-tasks'], { query: { ...where, sort, cursor, limit: 200 } })
}

interface HandedOver {
  handed_over: number
  /** How many by how they came to be: what is synthetic or augmented has that as its tag, what is imported has none. */
  sources: Record<string, number>
}

/** Makes tasks of approved records. */
export function handOver(dataset: string, chosen: Chosen): Promise<HandedOver> {
  return post(['annotation-tasks'], { dataset, ...chosen })
}

export function changeTask(
  id: string,
  change: RecordChange,
  version: number,
): Promise<ReviewRecord & { dropped: Span[] }> {
  return patch(['annotation-tasks', id], change, { version })
}

/** Changes tasks of a dataset, or of all of a project; says in which datasets, where it can be undone. */
export function changeTasks(
  scope: TaskScope,
  chosen: Chosen,
  change: BulkChange,
): Promise<{ changed: number; datasets: Record<string, number> }> {
  return post(['annotation-tasks', 'bulk'], { ...scope, ...chosen, change })
}

/** How many tasks there are of each kind, of those that the filter shows. */
export function useTaskCounts(where: TaskFilter, enabled = true) {
  return useQuery({
    queryKey: keys.taskCounts({ ...where }),
    queryFn: ({ signal }) =>
      get<ReviewCounts>(['annotation-tasks', 'counts'], { signal, query: { ...where } }),
    enabled,
  })
}

/** The address of a file with tasks. */
export function tasksFile(
  format: string,
  where: TaskFilter,
  ids: readonly string[],
  overlaps?: string,
): string {
  return address(['annotation-tasks', 'export'], { format, overlaps, ...where, ids })
}

/** Takes annotated tasks back: each into the record, of whichever dataset, that its id says. */
export function takeBack(
  scope: TaskScope,
  file: File,
  format: string,
): Promise<{ read: number; changed: number }> {
  const form = new FormData()
  form.set('file', file)
  for (const [name, value] of Object.entries(scope)) if (value) form.set(name, value)
  if (format) form.set('format', format)
  return upload(['annotation-tasks', 'import'], form)
}
