import { stringify } from 'yaml'
import type { PlanDocument, PlannedTransform } from '../../../api/augment'
import type { Json, TransformPart } from '../../../api/types'

export type Mode = 'add' | 'new' | 'inplace'

/** One transform with its settings. */
export interface Step {
  kind: string
  settings: Record<string, Json>
}

/** A transform, or several in a row, and the share of the records that get a copy by it, in whole percent. */
export interface Entry extends Step {
  id: string
  /** `null`: the share for all. */
  percent: number | null
  /** Done to the copy after it, one after the other. */
  next: Step[]
}

export interface Draft {
  entries: Entry[]
  /** Percent of the entries that follow it. */
  percent: number
  mode: Mode
  copies: number
  seed: number
  /** `''`: a new dataset with a name of its own. */
  into: string
}

export const FRESH: Draft = { entries: [], percent: 20, mode: 'add', copies: 1, seed: 0, into: '' }

export const CHAIN = 'multiple_perturbations'

export function entry(kind: string, id: string = kind): Entry {
  return { id, kind, settings: {}, percent: 0, next: [] }
}

export function percentOf(draft: Draft, one: Entry): number {
  return one.percent ?? draft.percent
}

/** What is done to a record, one after the other. */
export function stepsOf(one: Entry): Step[] {
  return one.kind === CHAIN ? one.next : [one, ...one.next]
}

/** What will be done: entries with a share. */
export function used(draft: Draft): Entry[] {
  return draft.entries.filter((one) => percentOf(draft, one) > 0 && stepsOf(one).length > 0)
}

/** Records that are changed: a share of whole percent, halves rounded up, as the service counts. */
export function drawn(records: number, percent: number): number {
  return Math.floor((records * percent + 50) / 100)
}

/** How many copies of an entry are made of each record that is drawn. */
export function copiesOf(draft: Draft, one: Entry): number {
  const own = one.next.length ? undefined : one.settings.copies
  return draft.mode === 'inplace' ? 1 : typeof own === 'number' ? own : draft.copies
}

export function asked(records: number, draft: Draft, one: Entry): number {
  return drawn(records, percentOf(draft, one)) * copiesOf(draft, one)
}

/** A transform in the words of plan files, without its share. */
export function transformOf(one: Entry): PlannedTransform {
  if (!one.next.length) return { kind: one.kind, ...one.settings }
  return { kind: CHAIN, transforms: stepsOf(one).map(stepOf) }
}

function stepOf({ kind, settings }: Step): Json {
  const { copies: _, ...rest } = settings
  return Object.keys(rest).length ? { kind, ...rest } : kind
}

export function documentOf(draft: Draft): PlanDocument {
  return {
    transforms: used(draft).map((one) => {
      const { kind, ...rest } = transformOf(one)
      return { kind, max_proportion: percentOf(draft, one) / 100, ...rest }
    }),
    mode: draft.mode,
    ...(draft.copies > 1 && draft.mode !== 'inplace' ? { copies: draft.copies } : {}),
    seed: draft.seed,
  }
}

export function yamlOf(document: PlanDocument): string {
  return stringify(document, { lineWidth: 0 })
}

/** The names by which the service counts the transforms of a plan: kinds, with a number where one comes again. */
export function namesOf(document: PlanDocument): string[] {
  const kinds = document.transforms.map((one) => one.kind)
  return kinds.map((kind, place) =>
    kinds.filter((one) => one === kind).length === 1
      ? kind
      : `${kind}-${kinds.slice(0, place + 1).filter((one) => one === kind).length}`,
  )
}

/** "Typing mistakes, then capitals". */
export function titleOf(one: Entry, parts: readonly TransformPart[]): string {
  return stepsOf(one)
    .map((step) => titleOfKind(step.kind, parts))
    .join(', then ')
}

export function titleOfKind(kind: string, parts: readonly TransformPart[]): string {
  return parts.find((part) => part.kind === kind)?.title ?? kind
}

/** The titles of what a plan asks for, by the names in its result. */
export function titlesOf(draft: Draft, parts: readonly TransformPart[]): Record<string, string> {
  const names = namesOf(documentOf(draft))
  return Object.fromEntries(used(draft).map((one, place) => [names[place] ?? one.kind, titleOf(one, parts)]))
}
