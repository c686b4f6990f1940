import { useQuery } from '@tanstack/react-query'
import { get } from './client'
import { keys } from './keys'
import type { Dataset, DatasetDetail, Page } from './types'

export function useDatasets(project: string) {
  return useQuery({
    queryKey: keys.datasetsOf(project),
    queryFn: async ({ signal }) =>
      (await get<Page<Dataset>>(['datasets'], { signal, query: { project, limit: 200 } })).items,
  })
}

export function useDataset(name: string) {
  return useQuery({
    queryKey: keys.dataset(name),
    queryFn: ({ signal }) => get<DatasetDetail>(['datasets', name], { signal }),
    enabled: name !== '',
  })
}
