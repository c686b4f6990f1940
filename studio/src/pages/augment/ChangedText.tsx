import { memo } from 'react'
import type { Span } from '../../api/types'
import { MarkedText } from '../../parts/MarkedText'
import { excerpt, type Stretch } from './changes'

interface Props {
  text: string
  spans: readonly Span[]
  changes: readonly Stretch[]
  /** What the changed words are here: gone, or new. */
  as: 'del' | 'ins'
}

/** A text with its spans and what is changed marked; of a long one the part around the first change. */
export const ChangedText = memo(function ChangedText({ text, spans, changes, as }: Props) {
  const shown = excerpt(text, changes)
  const moved = <T extends Stretch>(one: T): T => ({
    ...one,
    start: one.start - shown.from,
    end: one.end - shown.from,
  })
  const own = spans.filter((one) => (one.field ?? 'text') === 'text')
  return (
    <>
      {shown.from > 0 && '… '}
      <MarkedText text={shown.text} spans={own.map(moved)} changes={changes.map(moved)} as={as} />
      {shown.from + [...shown.text].length < [...text].length && ' …'}
    </>
  )
})
