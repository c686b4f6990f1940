import { useQuery } from '@tanstack/react-query'
import { useFormats } from './choices'
import { get } from './client'
import { keys } from './keys'
import type { RecordFilter } from './records'
import type { TaskFilter } from './tasks'

/** What a file is to hold: records of a dataset, or tasks of a dataset or a whole project. */
export type Asked =
  | { of: 'records'; where: RecordFilter & { dataset: string } }
  | { of: 'tasks'; where: TaskFilter; ids: readonly string[] }

/** How many of these have spans that overlap, where the format holds one layer of spans; of other formats none. */
export function useOverlapping(asked: Asked, format: string, enabled = true) {
  const formats = useFormats()
  const flat = enabled && (formats.data?.some((one) => one.name === format && one.flat) ?? false)
  const ids = asked.of === 'tasks' ? asked.ids : []
  const path =
    asked.of === 'tasks' ? ['annotation-tasks', 'export', 'overlapping'] : ['exports', 'overlapping']
  const found = useQuery({
    queryKey: keys.overlapping(asked.of, { ...asked.where, ids: ids.join() }),
    queryFn: async ({ signal }) =>
      (await get<{ records: number }>(path, { signal, query: { ...asked.where, ids } })).records,
    enabled: flat,
    staleTime: 0,
  })
  // What was found for a flat format stays at hand, and is nothing to another one.
  return { records: (flat && found.data) || 0, error: flat ? found.error : null, looking: found.isFetching }
}
