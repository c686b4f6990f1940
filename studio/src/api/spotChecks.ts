import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post } from './client'
import { keys } from './keys'
import type { Page } from './types'

/** A sample that people judge; `interval` is where the share of wrong ones lies (95 %). */
export interface SpotCheck {
  id: string
  dataset: string
  created?: string
  sample?: number
  judged: number
  right: number
  wrong?: number
  error_rate?: number | null
  interval: [number, number] | null
  more?: number
}

export function useSpotChecks(dataset: string) {
  return useQuery({
    queryKey: keys.spotChecks(dataset),
    queryFn: async ({ signal }) =>
      (await get<Page<SpotCheck>>(['spot-checks'], { signal, query: { dataset, limit: 20 } })).items,
    enabled: dataset !== '',
  })
}

export function useDrawSpotCheck() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { dataset: string; n: number; seed?: number }) =>
      post<SpotCheck>(['spot-checks'], body),
    onSuccess: (made) => queries.invalidateQueries({ queryKey: keys.spotChecks(made.dataset) }),
  })
}
