import type { ReactNode } from 'react'
import type { Span } from '../../../api/types'
import { count } from '../../../parts/figures'
import { type Overlap, overlapsOf } from '../../../parts/layers'

const SHOWN = 3

/** More characters of a span are not repeated. */
const LONG = 60

/** Says softly which spans lie inside or across others: it is allowed, but flat files hold one layer. */
export function Overlaps({ text, spans }: { text: string; spans: readonly Span[] }) {
  const found = overlapsOf(spans)
  if (!found.length) return null
  const points = [...text]
  const alike = new Map<string, Overlap[]>()
  for (const one of found) {
    const said = [one.how, ...[one.inner, one.outer].flatMap((span) => [wordsOf(points, span), span.label])]
    alike.set(said.join('\n'), [...(alike.get(said.join('\n')) ?? []), one])
  }
  const groups = [...alike]
  const more = groups.slice(SHOWN).reduce((sum, [, ones]) => sum + ones.length, 0)
  return (
    <div className="sb-meta" role="status" style={{ marginTop: 10 }}>
      {groups.slice(0, SHOWN).map(([key, ones]) => (
        <div key={key}>
          {ones[0] && sentence(points, ones[0])}
          {ones.length > 1 && `, ${count(ones.length)} times`}.
        </div>
      ))}
      <div>
        {more > 0 && `${count(more)} more ${more === 1 ? 'overlaps' : 'overlap'}. `}
        Flat formats such as CoNLL hold only one layer of spans.
      </div>
    </div>
  )
}

function sentence(points: readonly string[], { inner, outer, how }: Overlap): ReactNode {
  const words = (span: Span) => (
    <>
      “<bdi>{wordsOf(points, span)}</bdi>”
    </>
  )
  if (how === 'same words')
    return (
      <>
        {words(inner)} is both {outer.label} and {inner.label}
      </>
    )
  return (
    <>
      {words(inner)} ({inner.label}) {how === 'inside' ? 'lies inside' : 'overlaps'} {words(outer)} (
      {outer.label})
    </>
  )
}

function wordsOf(points: readonly string[], { start, end }: Span): string {
  const words = points.slice(start, Math.min(end, start + LONG)).join('')
  return end - start > LONG ? `${words}…` : words
}
