import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post } from './client'
import { keys } from './keys'
import type { RecordFilter } from './records'
import type { Job, Json, Page, Span, Values } from './types'

/** A transform in the words of plan files: its kind, its share and its settings. */
export type PlannedTransform = { kind: string } & Record<string, Json>

/** A plan as `seedbed augment --plan` reads it. */
export interface PlanDocument {
  transforms: PlannedTransform[]
  mode?: string
  copies?: number
  seed?: number
}

/** Some records of a dataset: by their ids or by filters, perhaps only those that are tasks. */
export interface Some {
  ids?: string[]
  where?: RecordFilter
  tasks?: boolean
}

export interface Side {
  text: string
  spans: Span[]
  values: Values
}

export interface Shown {
  transform: string
  before: Side
  after: Side | null
  why: string
}

export interface MadeBy {
  asked: number
  made: number
  applicable?: number
  why?: string
}

export interface AugmentResult {
  dataset: string
  run: string | null
  records: number
  made: number
  by_transform: Record<string, MadeBy>
  messages: string[]
}

/** What one transform makes of the first few records that it can change. */
export function useAugmentPreview(
  dataset: string,
  some: Some | null,
  transform: PlannedTransform,
  n: number,
  seed: number,
  wanted: boolean,
) {
  return useQuery({
    queryKey: ['augment-preview', dataset, some, transform, n, seed],
    queryFn: async ({ signal }) =>
      (
        await post<Page<Shown>>(
          ['augmentations', 'preview'],
          { dataset, ...some, transforms: [transform], n, seed },
          { signal },
        )
      ).items,
    enabled: wanted && dataset !== '',
    staleTime: 60_000,
    placeholderData: (old) => old,
  })
}

export function useAugment(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Some & { dataset: string; plan: PlanDocument; into?: string }) =>
      post<Job>(['augmentations'], { ...body, project }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.jobs }),
  })
}

/** Earlier augmentations of a dataset, the newest first. */
export function useAugmentations(dataset: string) {
  return useQuery({
    queryKey: keys.jobsOf({ dataset, kind: 'augment' }),
    queryFn: async ({ signal }) =>
      (await get<Page<Job>>(['augmentations'], { signal, query: { dataset, limit: 20 } })).items,
    enabled: dataset !== '',
  })
}
