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

const CHANGED = '\u0000'
const INVISIBLE = /^[\s\p{Cf}]*$/u

/** Text with its spans: a pale ground and a line below each; the label as a title. Nested ones have two lines. */
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
  const all = [...spans, ...changes.map(({ start, end }) => ({ start, end, label: CHANGED }))]
  return (
    <>
      {cut(text, all).map((piece, place) => {
        if (!piece.labels.includes(CHANGED)) return <Marked key={place} piece={piece} />
        const labels = piece.labels.filter((label) => label !== CHANGED)
        const Changed = as
        return (
          <Changed key={place} className="sb-changed">
            <Marked piece={{ text: piece.text, labels }} />
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
      title={piece.labels.join(' in ')}
      data-label={piece.labels.at(-1)}
      style={lookOf(piece.labels)}
    >
      {piece.text}
    </mark>
  )
}
