import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post } from './client'
import { keys } from './keys'
import type { Job, Page } from './types'

export interface JobFilter {
  dataset?: string
  kind?: string
  state?: string
}

export function useJobs(where: JobFilter) {
  return useQuery({
    queryKey: keys.jobsOf({ ...where }),
    queryFn: async ({ signal }) => (await get<Page<Job>>(['jobs'], { signal, query: { ...where } })).items,
  })
}

/** One piece of work; asked for again until it has ended (events of the shell make it faster). */
export function useJob(id: string | null) {
  return useQuery({
    queryKey: keys.job(id ?? ''),
    queryFn: ({ signal }) => get<Job>(['jobs', id ?? ''], { signal }),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data && ended(query.state.data) ? false : 1000),
  })
}

export function ended(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
}

export function useCancelJob() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => post<Job>(['jobs', id, 'cancel']),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.jobs }),
  })
}
