import { memo } from 'react'
import type { Span } from '../api/types'
import { colourOf, cut, type Piece } from './marking'

interface Props {
  text: string
  spans: readonly Span[]
  /** All labels there are, in their order: gives each its colour. */
  labels?: readonly string[]
}

/** Text with its spans: a pale ground and a line below each; the label as a title. Nested ones have two lines. */
export const MarkedText = memo(function MarkedText({ text, spans, labels = [] }: Props) {
  return (
    <>
      {cut(text, spans).map((piece, place) =>
        piece.labels.length ? <Mark key={place} piece={piece} labels={labels} /> : piece.text,
      )}
    </>
  )
})

function Mark({ piece, labels }: { piece: Piece; labels: readonly string[] }) {
  const colours = piece.labels.map((label) => colourOf(label, labels))
  const inner = colours.at(-1) ?? 0
  const lines = colours.map(
    (colour, depth) => `0 ${2 * (colours.length - depth)}px 0 var(--sb-mark-${colour}-line)`,
  )
  return (
    <mark
      title={piece.labels.join(' in ')}
      data-label={piece.labels.at(-1)}
      style={{
        background: `var(--sb-mark-${inner})`,
        color: 'inherit',
        borderRadius: '3px 3px 0 0',
        boxShadow: [...lines].reverse().join(', '),
        padding: '1px 0',
      }}
    >
      {piece.text}
    </mark>
  )
}
