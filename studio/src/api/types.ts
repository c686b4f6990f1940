// What the service answers; written by hand from the contract of /api/v1.

export * from './typesOfParts'
export * from './typesOfService'

export interface Page<T> {
  items: T[]
  next: string | null
}

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export type Values = Record<string, Json>
export type Cell = Record<string, string>

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
export type JobKind = 'augment' | 'fill' | 'report' | 'suspects' | 'import' | 'dedup' | 'split'

export interface Job {
  id: string
  kind: JobKind
  dataset: string
  project: string
  state: JobState
  done: number
  total: number | null
  words: string
  result: Record<string, Json> | null
  message: string
  hint: string
  created: string
  updated: string
}

export interface Template {
  name: string
  version: number
  type: string
  document: Record<string, Json>
  project: string
  created: string
  variables: string[]
}

export interface TemplateTry {
  texts: string[]
  variables: string[]
}

export interface Recipe {
  name: string
  project: string
  kind: string
  yaml: string
  document: Record<string, Json>
  version: number
  created: string
  updated: string
  count: number | null
  models: string[]
  last_run: string | null
}

export interface RecipeProblem {
  field: string | null
  line: number | null
  message: string
  hint: string
}

export interface RecipeCheck {
  ok: boolean
  yaml: string
  document: Record<string, Json> | null
  name: string
  columns: string[]
  cells: { cell: Cell; wanted: number }[]
  asked: number
  labels: string[]
  problems: RecipeProblem[]
}

export type RecipeBody = { project?: string } & (
  | { yaml: string }
  | { document: Record<string, Json> }
  | { recipe: string }
)

export interface PreviewCall {
  prompt: { role: string; content: string }[]
  answer: string
  finish_reason: string
  tokens: Json
  model: string
}

export interface PreviewAttempt {
  cell: Cell
  model: string
  calls: PreviewCall[]
  records: { state: string; reason: string; detail: string; values: Values }[]
  error: string | null
}

export interface Estimate {
  records: number
  attempts: number
  calls: number
  tokens: { input: number; output: number }
  cost: number | null
  assumptions: string[]
}

export type RunState =
  | 'running'
  | 'paused'
  | 'complete'
  | 'shortfall'
  | 'budget'
  | 'failed'
  | 'interrupted'
  | 'cancelled'

export interface RunCell {
  cell: Cell
  wanted: number
  accepted: number
  stopped?: string
}

export interface Run {
  run: string
  name: string
  kind: string
  dataset: string
  project: string
  state: RunState
  asked: number
  accepted: number
  attempts: number
  surplus: number
  repaired: number
  rejected: Record<string, number>
  failed: Record<string, number>
  calls: number
  tokens: { input: number; output: number }
  cost: number | null
  seconds: number
  models?: Record<string, Json>
  cells?: RunCell[]
  duplicates?: Record<string, Json>
  output: string | null
  message?: string | null
  waiting?: string[]
  driven: boolean
  owner: 'server' | 'other' | ''
  wish: '' | 'pause' | 'cancel'
  /** What of the recipe the server does otherwise than the command line. */
  notes: string[]
  rate: number | null
  left: number | null
  created: string
  updated: string
}

export interface RunRecord {
  id: string
  state: 'accepted' | 'rejected' | 'failed'
  reason: string
  detail: string
  cell: Cell
  model: string
  values: Values
  at: string
}

export interface Dataset {
  name: string
  project: string
  records: number
  runs: string[]
  columns: string[]
  kinds: string[]
  created: string
  reviewed: number
  approved: number
  declined: number
  version: number
}

export interface DatasetDetail extends Dataset {
  counts: Record<string, Record<string, number>>
  span_labels: Record<string, number>
  text_column: string
  label_column: string | null
}

export interface Span {
  start: number
  end: number
  label: string
  field?: string
}

export type Decision = 'todo' | 'approved' | 'declined' | 'flagged'
export type Work = '' | 'todo' | 'doing' | 'done'

export interface ReviewRecord {
  id: string
  dataset: string
  values: Values
  text: string
  label: string | null
  spans: Span[]
  tags: string[]
  decision: Decision
  reason: string
  note: string
  work: Work
  person: string
  source: 'synthetic' | 'augmented' | 'imported'
  model: string
  suggested: string | null
  doubt: number | null
  /** The group of records that say nearly the same it is in; 0 for none. */
  twins: number
  version: number
  changed: string | null
  by: string
}

export interface SearchHit {
  kind: 'record' | 'task' | 'dataset' | 'recipe' | 'template' | 'run'
  id: string
  title: string
  text: string
  dataset?: string
}
