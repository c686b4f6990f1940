import type { RecordChange, RecordFilter } from '../../api/records'
import type { Json, ReviewRecord, Span } from '../../api/types'
import { overlapsOf } from '../../parts/layers'

/** A record as it will be after a change that is still on its way. */
export function applied(row: ReviewRecord, change: RecordChange, textColumn: string): ReviewRecord {
  const { values, label, ...rest } = change
  const next: ReviewRecord = { ...row, ...rest }
  if (change.decision && change.decision !== row.decision && change.reason === undefined) next.reason = ''
  if (label !== undefined) {
    next.label = label
    next.values = { ...next.values, label }
  }
  if (values) {
    next.values = { ...next.values, ...values }
    if (typeof values.label === 'string') next.label = values.label
    const text = values[textColumn]
    if (typeof text === 'string' && text !== row.text) {
      next.text = text
      if (!change.spans) next.spans = kept(row.text, text, row.spans)
    }
  }
  return next
}

/** The spans that a changed text surely keeps; the server says later which others it could. */
function kept(before: string, after: string, spans: Span[]): Span[] {
  const a = [...before]
  const b = [...after]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const shift = b.length - a.length
  return spans.flatMap((one) => {
    if (one.end <= head) return [one]
    if (one.start >= a.length - tail) return [{ ...one, start: one.start + shift, end: one.end + shift }]
    return []
  })
}

/** Whether a change would change anything: what is so already is no step to take back. */
export function differs(row: ReviewRecord, change: RecordChange): boolean {
  const { values, ...rest } = change
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && !same(row[name as keyof ReviewRecord] as Json, value as unknown as Json))
      return true
  }
  return Object.entries(values ?? {}).some(([name, value]) => !same(row.values[name] ?? null, value))
}

/** Whether a record already is what a change makes of it: an answer that was lost is not sent twice. */
export function isSo(row: ReviewRecord, change: RecordChange): boolean {
  return !differs(row, change)
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** Whether a record is still what the filter asks for; words are left to the server. */
export function matches(row: ReviewRecord, where: RecordFilter): boolean {
  const fields = ['decision', 'label', 'model', 'source', 'reason', 'person', 'work'] as const
  if (fields.some((name) => where[name] !== undefined && (row[name] ?? '') !== where[name])) return false
  if (where.span !== undefined && !row.spans.some((one) => one.label === where.span)) return false
  if (where.duplicates && !row.twins) return false
  if (where.overlapping && !overlapsOf(row.spans).length) return false
  return where.tag === undefined || row.tags.includes(where.tag)
}

/** The spans that lie in the text that is shown. */
export function spansOf(row: ReviewRecord, textColumn: string): Span[] {
  return row.spans.filter((one) => (one.field ?? 'text') === textColumn)
}
