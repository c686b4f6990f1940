import { useQuery } from '@tanstack/react-query'
import { get, post, put } from './client'
import { keys } from './keys'
import type { ReviewRecord } from './types'

export interface Judged extends ReviewRecord {
  /** The person's own. */
  verdict: { right: boolean; note: string } | null
}

/** A sample of records drawn by chance; `interval` is the 95 % interval of the share of wrong ones. */
export interface SpotCheckRow {
  id: string
  dataset: string
  created: string
  sample: number
  judged: number
  right: number
  wrong: number
  error_rate: number | null
  interval: [number, number]
  /** So many must still be judged for 3 points to each side. */
  more: number
}

export interface SpotCheck extends SpotCheckRow {
  items: Judged[]
}

export function drawSpotCheck(dataset: string, n: number): Promise<SpotCheck> {
  return post<SpotCheck>(['spot-checks'], { dataset, n, seed: Math.floor(Math.random() * 2 ** 31) })
}

export function judge(check: string, record: string, right: boolean): Promise<SpotCheck> {
  return put<SpotCheck>(['spot-checks', check, 'records', record], { right })
}

export function useSpotChecks(dataset: string) {
  return useQuery({
    queryKey: keys.spotChecks(dataset),
    queryFn: async ({ signal }) =>
      (await get<{ items: SpotCheckRow[] }>(['spot-checks'], { signal, query: { dataset } })).items,
  })
}

export function useSpotCheck(id: string | null) {
  return useQuery({
    queryKey: keys.spotCheck(id ?? ''),
    queryFn: ({ signal }) => get<SpotCheck>(['spot-checks', id ?? ''], { signal }),
    enabled: id !== null,
  })
}
