import type { Json, ReviewRecord } from '../../api/types'
import { keepDraft } from '../../parts/draft'

/** Values of a record as they are typed, those they were begun from, and why the server did not take them. */
export interface TypedText {
  typed: Record<string, string>
  of: Record<string, string>
  refused?: string
}

/** Under which name what is typed about a record is kept until it is saved. */
export const kept = {
  text: (row: ReviewRecord) => `${kept.of(row.dataset)}text:${row.id}`,
  note: (row: ReviewRecord) => `${kept.of(row.dataset)}note:${row.id}`,
  reason: (row: ReviewRecord) => `${kept.of(row.dataset)}reason:${row.id}`,
  of: (dataset: string) => `review:${dataset}:`,
}

/** A record's values as texts to be edited. */
export function asTexts(values: Record<string, Json>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, asText(value)]))
}

export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1)
}

/** What the server refused is kept as it was typed, with its reason. */
export function keepRefused(
  row: ReviewRecord,
  values: Record<string, Json> | undefined,
  refused: string,
): void {
  if (!values) return
  const of = asTexts(row.values)
  const draft: TypedText = { typed: { ...of, ...asTexts(values) }, of, refused }
  keepDraft(kept.text(row), draft)
}
