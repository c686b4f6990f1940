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
export interface TaskFilter extends Omit<RecordFilter, 'decision'> {
  dataset?: string
  project?: string
}

export function fetchTasks(where: TaskFilter, cursor: string): Promise<RecordPage> {
  const sort: Sort = where.duplicates ? 'twins' : 'first'
  return get<RecordPage>(['annotation-tasks'], { query: { ...where, sort, cursor, limit: 200 } })
}

/** Makes tasks of approved records. */
export function handOver(dataset: string, chosen: Chosen): Promise<{ handed_over: number; tag: string }> {
  return post(['annotation-tasks'], { dataset, ...chosen })
}

export function changeTask(
  id: string,
  change: RecordChange,
  version: number,
): Promise<ReviewRecord & { dropped: Span[] }> {
  return patch(['annotation-tasks', id], change, { version })
}

export function changeTasks(
  dataset: string,
  chosen: Chosen,
  change: BulkChange,
): Promise<{ changed: number }> {
  return post(['annotation-tasks', 'bulk'], { dataset, ...chosen, change })
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
  dataset: string,
  format: string,
  where: TaskFilter,
  ids: readonly string[],
): string {
  const { project: _project, dataset: _dataset, ...filter } = where
  const file = address(['annotation-tasks', 'export'], { dataset, format, ...filter })
  return file + ids.map((id) => `&ids=${encodeURIComponent(id)}`).join('')
}

/** Takes annotated tasks back. */
export function takeBack(
  dataset: string,
  file: File,
  format: string,
): Promise<{ read: number; changed: number }> {
  const form = new FormData()
  form.set('file', file)
  form.set('dataset', dataset)
  if (format) form.set('format', format)
  return upload(['annotation-tasks', 'import'], form)
}
