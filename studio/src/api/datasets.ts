import { useQueries, useQuery } from '@tanstack/react-query'
import { address, every, get, patch, post, remove, upload } from './client'
import { keys } from './keys'
import type { RecordFilter } from './records'
import type { Dataset, DatasetDetail, Job } from './types'

export function useDatasets(project: string) {
  return useQuery({
    queryKey: keys.datasetsOf(project),
    queryFn: ({ signal }) => every<Dataset>(['datasets'], { signal, query: { project } }),
  })
}

function detail(name: string) {
  return {
    queryKey: keys.dataset(name),
    queryFn: ({ signal }: { signal: AbortSignal }) => get<DatasetDetail>(['datasets', name], { signal }),
  }
}

export function useDataset(name: string) {
  return useQuery({ ...detail(name), enabled: name !== '' })
}

/** How many spans of these datasets have which label. */
export function useSpanLabels(names: readonly string[]): Record<string, number> {
  return useQueries({ queries: names.map(detail), combine: summed })
}

function summed(found: readonly { data?: DatasetDetail }[]) {
  const sums: Record<string, number> = {}
  for (const { data } of found)
    for (const [label, number] of Object.entries(data?.span_labels ?? {}))
      sums[label] = (sums[label] ?? 0) + number
  return sums
}

export interface Imported {
  dataset: string
  run: string
  records: number
  problems: string[]
}

/** Keeps a file's records as a dataset, beside what is in one of that name. */
export function importFile(
  file: File,
  wish: { name: string; project: string; format: string; labels: string },
): Promise<Imported> {
  const form = new FormData()
  form.set('file', file)
  for (const [name, value] of Object.entries(wish)) if (value) form.set(name, value)
  return upload<Imported>(['imports'], form)
}

export function deleteDataset(dataset: Dataset): Promise<void> {
  return remove(['datasets', dataset.name], { version: dataset.version })
}

export function moveDataset(dataset: Dataset, project: string): Promise<Dataset> {
  return patch<Dataset>(['datasets', dataset.name], { project }, { version: dataset.version })
}

export interface SplitWish {
  shares: Record<string, number>
  by?: string
  seed?: number
}

export function splitDataset(name: string, wish: SplitWish): Promise<Job> {
  return post<Job>(['datasets', name, 'split'], wish)
}

/** What counts as said twice, and which of several stays. */
export interface DedupWish {
  near: number
  semantic: boolean
  within: 'all' | 'label'
  keep: 'first' | 'longest'
  /** Another dataset: what is in it goes, too. */
  against?: string
}

export function dedupDataset(name: string, wish: DedupWish): Promise<Job> {
  return post<Job>(['datasets', name, 'dedup'], wish)
}

/** The address of a file with records as people left them. */
export function datasetFile(
  dataset: string,
  format: string,
  where: RecordFilter,
  more: { origin: boolean; overlaps?: string },
): string {
  const { origin, overlaps } = more
  return address(['exports'], { dataset, format, ...where, origin: origin || undefined, overlaps })
}
