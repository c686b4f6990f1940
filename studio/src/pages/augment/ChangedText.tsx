import { memo } from 'react'
import type { Span } from '../../api/types'
import { colourOf, cut } from '../../parts/marking'
import { excerpt, type Stretch } from './changes'

interface Props {
  text: string
  spans: readonly Span[]
  changes: readonly Stretch[]
  /** What the changed words are here: gone, or new. */
  as: 'del' | 'ins'
  labels?: readonly string[]
}

const CHANGED = '\u0000'

/** A text with its spans coloured and what is changed marked; of a long one the part around the first change. */
export const ChangedText = memo(function ChangedText({ text, spans, changes, as, labels = [] }: Props) {
  const shown = excerpt(text, changes)
  const moved = <T extends Stretch>(one: T): T => ({
    ...one,
    start: one.start - shown.from,
    end: one.end - shown.from,
  })
  const own = spans.filter((one) => (one.field ?? 'text') === 'text' || one.field === undefined)
  const all = [...own.map(moved), ...changes.map((one) => ({ ...moved(one), label: CHANGED }))]
  return (
    <>
      {shown.from > 0 && '… '}
      {cut(shown.text, all).map((piece, place) => {
        const Tag = piece.labels.includes(CHANGED) ? as : 'span'
        const names = piece.labels.filter((label) => label !== CHANGED)
        return names.length || Tag !== 'span' ? (
          <Tag
            key={place}
            className={Tag === 'span' ? undefined : 'sb-changed'}
            style={{ textDecoration: 'none' }}
          >
            <Spanned text={piece.text} names={names} labels={labels} />
          </Tag>
        ) : (
          piece.text
        )
      })}
      {shown.from + [...shown.text].length < [...text].length && ' …'}
    </>
  )
})

function Spanned({ text, names, labels }: { text: string; names: string[]; labels: readonly string[] }) {
  const label = names.at(-1)
  if (label === undefined) return text
  const colour = colourOf(label, labels)
  return (
    <mark
      title={names.join(' in ')}
      style={{
        background: `var(--sb-mark-${colour})`,
        boxShadow: `0 2px 0 var(--sb-mark-${colour}-line)`,
        color: 'inherit',
      }}
    >
      {text}
    </mark>
  )
}
