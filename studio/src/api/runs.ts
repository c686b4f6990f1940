import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { every, get, post } from './client'
import { keys } from './keys'
import type { Page, Run, RunRecord } from './types'

export interface RunFilter {
  project: string
  state?: string
  dataset?: string
  recipe?: string
}

export function useRuns(where: RunFilter) {
  return useQuery({
    queryKey: keys.runsOf({ ...where }),
    queryFn: ({ signal }) => every<Run>(['runs'], { signal, query: { ...where } }),
  })
}

export function useRun(id: string) {
  return useQuery({
    queryKey: keys.run(id),
    queryFn: ({ signal }) => get<Run>(['runs', id], { signal }),
    // Events make it faster; this holds where a stream is cut by something between.
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 5000 : false),
  })
}

export function useRunRecords(id: string, state: string, limit = 20) {
  return useQuery({
    queryKey: keys.runRecords(id, state),
    queryFn: async ({ signal }) =>
      (await get<Page<RunRecord>>(['runs', id, 'records'], { signal, query: { state, limit } })).items,
  })
}

export function useRunRecipe(id: string) {
  return useQuery({
    queryKey: keys.runRecipe(id),
    queryFn: ({ signal }) => get<{ yaml: string }>(['runs', id, 'recipe'], { signal }),
  })
}

/** Starts a run; pressed twice with the same `once` it is one run. */
export function useStartRun(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ once, ...body }: { recipe: string; once: string; new?: boolean }) =>
      post<Run>(['runs'], { ...body, project }, { headers: { 'Idempotency-Key': once } }),
    onSuccess: (run) => {
      queries.setQueryData(keys.run(run.run), run)
      void queries.invalidateQueries({ queryKey: keys.runs })
      void queries.invalidateQueries({ queryKey: keys.recipes })
    },
  })
}

export type RunAct = 'pause' | 'resume' | 'cancel' | 'refill'

export function useRunAct(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (act: RunAct) => post<unknown>(['runs', id, act]),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.runs }),
  })
}
