import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { address, get, post } from './client'
import { keys } from './keys'
import type { Job, Json, Page } from './types'

export type Level = 'bad' | 'note' | 'good'

/** What can be done about a finding, and where: a filter, a figure, or what records are held against. */
export interface Doing {
  do: string
  where: Record<string, string>
}

/** What a figure means, in a sentence; `todo` is what to do about it, `actions` how. */
export interface Finding {
  section: string
  words: string
  level: Level
  todo?: string
  actions?: Doing[]
}

export type Figures = { [name: string]: Json }

export interface ReportRow {
  id: string
  dataset: string
  created: string
  findings?: Finding[]
}

export interface Report extends ReportRow {
  figures: Figures
  findings: Finding[]
}

export interface ReportBody {
  dataset: string
  compare?: string
  real?: string
  relabel_with?: string
  relabel_limit?: number
  only?: string[]
  columns?: string[]
}

export function useReports(dataset: string) {
  return useQuery({
    queryKey: keys.reportsOf(dataset),
    queryFn: async ({ signal }) =>
      (await get<Page<ReportRow>>(['reports'], { signal, query: { dataset, limit: 50 } })).items,
    enabled: dataset !== '',
  })
}

export function useReport(id: string | null) {
  return useQuery({
    queryKey: keys.report(id ?? ''),
    queryFn: ({ signal }) => get<Report>(['reports', id ?? ''], { signal }),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useStartReport(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ReportBody) => post<Job>(['reports'], { ...body, project }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.jobs }),
  })
}

export function useFindSuspects() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { dataset: string; flag: boolean }) => post<Job>(['label-suspects'], body),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.jobs }),
  })
}

/** Looks for records that say nearly the same, and marks them for Review. */
export function useFindDuplicates() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (dataset: string) => post<Job>(['duplicates'], { dataset }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.jobs }),
  })
}

/** The address of a report as a page of its own. */
export function pageOf(report: string): string {
  return address(['reports', report, 'page'])
}

/** A sample of records drawn by chance and judged; `interval` is where the share of wrong ones lies (95 %). */
export interface SampleRow {
  id: string
  created: string
  sample: number
  judged: number
  right: number
  wrong: number
  interval: [number, number]
}

/** The samples of a dataset, the newest first. */
export function useSamples(dataset: string) {
  return useQuery({
    queryKey: [...keys.spotChecks(dataset), 'rows'],
    queryFn: async ({ signal }) =>
      (await get<Page<SampleRow>>(['spot-checks'], { signal, query: { dataset } })).items,
  })
}
