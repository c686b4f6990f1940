import { memo } from 'react'
import type { Span } from '../api/types'
import { cut, lookOf, type Piece } from './marking'

interface Props {
  text: string
  spans: readonly Span[]
  /** Stretches that differ from another text, and what they are here: gone, or new. */
  changes?: readonly { start: number; end: number }[]
  as?: 'del' | 'ins'
  /** Text that is being typed: where there is none, nothing is said of it. */
  typed?: boolean
}

const INVISIBLE = /^[\s\p{Cf}]*$/u

/** Text with its spans: a pale ground and a line below each; the label as a title, the innermost first. Of those
 *  that overlap each has its own line. */
export const MarkedText = memo(function MarkedText({
  text,
  spans,
  changes = [],
  as = 'ins',
  typed = false,
}: Props) {
  if (!typed && INVISIBLE.test(text)) {
    return (
      <span className="sb-nothing" data-said={text ? 'only spaces' : 'no text'}>
        {text}
      </span>
    )
  }
  return (
    <>
      {cut(text, spans, changes).map((piece, place) => {
        const marked = <Marked key={place} piece={piece} />
        if (!piece.changed) return marked
        const Changed = as
        return (
          <Changed key={place} className="sb-changed">
            {marked}
          </Changed>
        )
      })}
    </>
  )
})

function Marked({ piece }: { piece: Piece }) {
  if (!piece.labels.length) return piece.text
  return (
    <mark
      className="sb-mark"
      title={piece.labels.toReversed().join(', ')}
      data-label={piece.labels.at(-1)}
      style={lookOf(piece.labels, piece.depths)}
    >
      {piece.text}
    </mark>
  )
}
