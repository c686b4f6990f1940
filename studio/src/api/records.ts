import { useQuery, useQueryClient } from '@tanstack/react-query'
import { every, get, patch, post, remove } from './client'
import { keys } from './keys'
import type { DatasetDetail, Decision, Json, Page, ReviewRecord, Span, Work } from './types'

/** Which records of a dataset: those that are all of this. */
export interface RecordFilter {
  decision?: Decision
  label?: string
  model?: string
  source?: string
  tag?: string
  reason?: string
  person?: string
  work?: Work
  /** The label of a span. */
  span?: string
  doubted?: boolean
  /** One of a group that says nearly the same. */
  duplicates?: boolean
  /** With spans that overlap. */
  overlapping?: boolean
  q?: string
}

export type Sort = 'first' | 'last' | 'doubt' | 'twins'

export interface RecordPage extends Page<ReviewRecord> {
  /** Records that are still being taken in. */
  waiting: number
}

/** What a record is to be; what is left out stays. */
export interface RecordChange {
  decision?: Decision
  reason?: string
  note?: string
  label?: string
  values?: Record<string, Json>
  spans?: Span[]
  tags?: string[]
  person?: string
  work?: Work
}

export interface BulkChange {
  decision?: Decision
  reason?: string
  note?: string
  label?: string
  add_tags?: string[]
  remove_tags?: string[]
  person?: string
  work?: Work
}

export interface Like extends ReviewRecord {
  /** 0 to 1. */
  likeness: number
}

export interface WholeRecord extends ReviewRecord {
  origin: Record<string, Json>
  duplicates: Like[]
}

/** When somebody last looked for records that say nearly the same; `newer` came since, and are in no group. */
export interface Looked {
  at: string
  by: string
  groups: number
  records: number
  newer: number
}

export interface ReviewCounts {
  total: number
  reviewed: number
  by: Record<string, Record<string, number>>
  /** null: nobody has looked for any yet; left out where nobody asks for them. */
  duplicates?: Looked | null
  waiting?: number
}

export interface SavedView {
  id: string
  dataset: string
  name: string
  where: RecordFilter
  by: string
  version: number
}

export interface Happening {
  version: number
  by: string
  at: string
  before: Record<string, Json>
  after: Record<string, Json>
}

export type Chosen = { ids: string[] } | { where: RecordFilter }

export const PAGE = 200

export function fetchRecords(
  dataset: string,
  where: RecordFilter,
  sort: Sort,
  cursor: string,
  limit = PAGE,
): Promise<RecordPage> {
  return get<RecordPage>(['records'], {
    query: {
      dataset,
      ...where,
      doubted: where.doubted || undefined,
      duplicates: where.duplicates || undefined,
      overlapping: where.overlapping || undefined,
      sort,
      cursor,
      limit,
    },
  })
}

export function fetchRecord(id: string): Promise<WholeRecord> {
  return get<WholeRecord>(['records', id])
}

export function changeRecord(
  id: string,
  change: RecordChange,
  version: number,
): Promise<ReviewRecord & { dropped: Span[] }> {
  return patch(['records', id], change, { version })
}

export function changeRecords(
  dataset: string,
  chosen: Chosen,
  change: BulkChange,
): Promise<{ changed: number }> {
  return post(['records', 'bulk'], { dataset, ...chosen, change })
}

export function undoRecords(dataset: string): Promise<{ items: ReviewRecord[] }> {
  return post(['records', 'undo'], { dataset })
}

export function fetchReviewCounts(dataset: string): Promise<ReviewCounts> {
  return get<ReviewCounts>(['datasets', dataset, 'review'])
}

/** A record with its origin and those most like it. */
export function useRecord(id: string | null) {
  return useQuery({
    queryKey: keys.record(id ?? ''),
    queryFn: ({ signal }) => get<WholeRecord>(['records', id ?? ''], { signal }),
    enabled: id !== null,
    staleTime: 30_000,
  })
}

export function useRecordHistory(id: string, version: number) {
  return useQuery({
    queryKey: [...keys.recordHistory(id), version],
    queryFn: ({ signal }) => every<Happening>(['records', id, 'history'], { signal }),
  })
}

/** Columns and labels of a dataset; asked once, for it reads many records. */
export function useAbout(dataset: string) {
  return useQuery({
    queryKey: [...keys.records(dataset), 'about'],
    queryFn: ({ signal }) => get<DatasetDetail>(['datasets', dataset], { signal }),
    staleTime: 300_000,
  })
}

export function useReviewCounts(dataset: string) {
  return useQuery({
    queryKey: keys.review(dataset),
    queryFn: ({ signal }) => get<ReviewCounts>(['datasets', dataset, 'review'], { signal }),
  })
}

export function useViews(dataset: string) {
  return useQuery({
    queryKey: keys.views(dataset),
    queryFn: ({ signal }) => every<SavedView>(['views'], { signal, query: { dataset } }),
  })
}

export function useChangeViews(dataset: string) {
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: keys.views(dataset) })
  return {
    save: async (name: string, where: RecordFilter) => {
      await post<SavedView>(['views'], { dataset, name, where })
      await again()
    },
    drop: async (view: SavedView) => {
      await remove(['views', view.id], { version: view.version }).finally(again)
    },
  }
}
