import type { Span } from '../../../api/types'
import { overlapsOf } from '../../../parts/layers'

const SHOWN = 3

/** Says softly which spans lie inside or across others: it is allowed, but flat files hold one layer. */
export function Overlaps({ text, spans }: { text: string; spans: readonly Span[] }) {
  const found = overlapsOf(spans)
  if (!found.length) return null
  const points = [...text]
  const words = (one: Span) => `“${points.slice(one.start, one.end).join('')}” (${one.label})`
  const more = found.length - SHOWN
  return (
    <div className="sb-meta" role="status" style={{ marginTop: 8 }}>
      {found.slice(0, SHOWN).map(({ inner, outer, inside }) => (
        <div key={`${inner.start}-${inner.end}-${inner.label}-${inner.field}`}>
          {words(inner)} {inside ? 'lies inside' : 'overlaps'} {words(outer)}.
        </div>
      ))}
      {more > 0 && `${more} more overlap. `}
      Flat formats such as CoNLL hold only one of them.
    </div>
  )
}
