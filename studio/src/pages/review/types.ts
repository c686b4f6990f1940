import type { BulkChange, Chosen, RecordChange, RecordFilter, ReviewCounts, Sort } from '../../api/records'
import type { ReviewRecord, Span } from '../../api/types'

/** Something to be saved; they go to the server one by one, in the order in which they were typed. */
export type Write =
  | { key: number; kind: 'change'; id: string; change: RecordChange; version: number }
  | { key: number; kind: 'bulk'; chosen: Chosen; change: BulkChange; ids: string[]; words: string }
  | { key: number; kind: 'undo'; undoes: number | null; expected: ReviewRecord[] }

/** What one key did, so that it can be shown as taken back at once. */
export interface Step {
  key: number
  before: ReviewRecord[]
  cursor: number
}

/** A record of a list, and where it stood. */
export interface Place {
  id: string
  at: number
}

/** Somebody else was quicker. */
export interface Conflict {
  id: string
  mine: RecordChange
  theirs: ReviewRecord
}

export type Mode = 'list' | 'edit' | 'tag' | 'note' | 'spans' | 'keys'

export interface ReviewState {
  dataset: string
  textColumn: string
  where: RecordFilter
  sort: Sort
  /** Grows whenever the list is asked for anew; answers for an older one are not shown. */
  opening: number
  /** Loaded records in order, with what is still being saved already in them. */
  rows: ReviewRecord[]
  /** Answers that came before the list had its first rows: what it was read with may be older. */
  early: ReadonlyMap<string, ReviewRecord>
  /** The cursor after the last row; null at the end; undefined before the first page. */
  next: string | null | undefined
  /** Where the last page began: it is read again when records were added. */
  last: { cursor: string; at: number }
  waiting: number
  problem: unknown
  counts: ReviewCounts | null
  /** How many records the list will have; null if only its end tells. */
  expected: number | null
  cursor: number
  anchor: number
  selected: ReadonlySet<string>
  /** All that match the filter are chosen, loaded or not. */
  everything: boolean
  mode: Mode
  /** In span mode: the words that are chosen, by their places; the head is the one that moves. */
  caret: { anchor: number; head: number }
  writes: Write[]
  steps: Step[]
  conflicts: Conflict[]
  /** The server does not answer: what is typed waits. */
  held: boolean
  /** Spans that could not be kept when a text was changed. */
  dropped: { id: string; spans: Span[] } | null
  key: number
}

export type Action =
  | { type: 'open'; where: RecordFilter; sort: Sort }
  | {
      type: 'page'
      opening: number
      /** Of the first page; `last` is where the last one begins, among these items. */
      cursor: string
      last: { cursor: string; at: number }
      items: ReviewRecord[]
      next: string | null
      waiting: number
      /** The record that one begins at, where it is among these. */
      start?: string
    }
  | { type: 'failed'; opening: number; problem: unknown }
  | { type: 'counts'; counts: ReviewCounts }
  | { type: 'column'; textColumn: string }
  | { type: 'move'; by: number; extend: boolean }
  | { type: 'go'; to: number; extend: boolean }
  | { type: 'toggle'; at?: number }
  | { type: 'choose'; what: 'loaded' | 'everything' | 'none' }
  | { type: 'mode'; mode: Mode }
  | { type: 'caret'; by: number; extend: boolean }
  | { type: 'mark'; label: string }
  | { type: 'unmark' }
  | { type: 'change'; change: RecordChange; id?: string; moveOn?: boolean }
  | { type: 'bulk'; change: BulkChange; words: string }
  | { type: 'undo' }
  | { type: 'saved'; key: number; record: ReviewRecord; dropped: Span[] }
  | { type: 'bulk saved'; key: number }
  | { type: 'undone'; key: number; items: ReviewRecord[] }
  | { type: 'conflict'; key: number; theirs: ReviewRecord }
  | { type: 'refused'; key: number; record: ReviewRecord | null }
  | { type: 'held'; held: boolean }
  | { type: 'settle'; id: string; take: 'mine' | 'theirs' }
  | { type: 'fresh'; record: ReviewRecord }
  | { type: 'told' }
  /** A record that an address names: it is shown first. */
  | { type: 'pinned'; opening: number; record: ReviewRecord }
