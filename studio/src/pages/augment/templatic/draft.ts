import type { FillBody, SlotTemplate } from '../../../api/fills'
import type { Json } from '../../../api/types'
import { slotsOf } from './slots'

/** A sentence in the list. */
export interface Sentence extends SlotTemplate {
  id: number
}

export interface TemplaticDraft {
  sentences: Sentence[]
  /** Slot → values, one a line, as typed. */
  values: Record<string, string>
  /** Faker's locale for common slots; `''`: none. */
  faker: string
  seed: number
  into: string
  /** What is being typed. */
  typed: string
  next: number
}

export const MOST = 50

export const FRESH: TemplaticDraft = {
  sentences: [],
  values: {},
  faker: '',
  seed: 0,
  into: '',
  typed: '',
  next: 1,
}

/** The draft with further sentences; those that are there already are left out. */
export function withSentences(draft: TemplaticDraft, more: readonly SlotTemplate[]): TemplaticDraft {
  const known = new Set(draft.sentences.map((one) => one.text))
  const fresh = more.filter((one) => one.text.trim() && !known.has(one.text) && known.add(one.text))
  return {
    ...draft,
    sentences: [...draft.sentences, ...fresh.map((one, place) => ({ ...one, id: draft.next + place }))],
    next: draft.next + fresh.length,
  }
}

/** The typed values of a slot. */
export function listed(text: string | undefined): string[] {
  return [
    ...new Set(
      (text ?? '')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ]
}

/** What the service is asked for. */
export function bodyOf(draft: TemplaticDraft, dataset: string | null): FillBody {
  const slots = slotsOf(draft.sentences.map((one) => one.text))
  const values = Object.fromEntries(
    slots.map((slot) => [slot, listed(draft.values[slot])] as const).filter(([, own]) => own.length > 0),
  )
  return {
    templates: draft.sentences.map(({ id: _, ...one }) => one),
    ...(Object.keys(values).length ? { values } : {}),
    ...(dataset ? { dataset } : {}),
    ...(draft.faker ? { faker: draft.faker } : {}),
    seed: draft.seed,
  }
}

/** The sentences as a template of the workspace. */
export function documentOf(sentences: readonly Sentence[]): Record<string, Json> {
  return {
    type: 'slots',
    templates: sentences.map(({ text, label, columns }) =>
      label || Object.keys(columns ?? {}).length
        ? { template: text, ...(label ? { label } : {}), ...columns }
        : text,
    ),
  }
}

/** The sentences in a template of the workspace. */
export function sentencesIn(document: Record<string, Json>, n: number): SlotTemplate[] {
  const given = Array.isArray(document.templates) ? document.templates : []
  return given.flatMap((one): SlotTemplate[] => {
    if (typeof one === 'string') return [{ text: one, n }]
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return []
    const { template, text, label, ...columns } = one
    const sentence = template ?? text
    return typeof sentence === 'string'
      ? [{ text: sentence, n, ...(typeof label === 'string' ? { label } : {}), columns }]
      : []
  })
}
