import { type MouseEvent, memo } from 'react'
import type { ReviewRecord, Span } from '../../api/types'
import { MarkedText } from '../../parts/MarkedText'
import { spansOf } from './rows'

interface Props {
  at: number
  of: number
  top: number
  row: ReviewRecord | undefined
  textColumn: string
  /** The first of another group of duplicates. */
  begins: boolean
  here: boolean
  chosen: boolean
  /** It is not what the filter asks for any more; it stays until the list is opened anew. */
  leaving: boolean
  onClick: (event: MouseEvent, at: number) => void
}

const SHOWN = 260
const DOTS: Record<string, string> = {
  todo: 'var(--sb-todo)',
  approved: 'var(--sb-approve)',
  declined: 'var(--sb-decline)',
  flagged: 'var(--sb-duplicate)',
}

/** One record on one line of 40 px. */
export const RecordRow = memo(function RecordRow(props: Props) {
  const { at, of, top, row, textColumn, begins, here, chosen, leaving } = props
  const place = { transform: `translateY(${top}px)` }
  if (!row) {
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
      <div
        className="rv-row"
        style={place}
        role="option"
        aria-selected={false}
        aria-label="Loading"
        data-bone
      >
        <span className="rv-dot" style={{ background: 'var(--sb-line)' }} />
        <div className="rv-bone" style={{ width: `${88 - ((at * 23) % 45)}%` }} />
        <div className="rv-bone" />
      </div>
    )
  }
  const { text, spans } = beginning(row, textColumn)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the page's
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, its active descendant is the cursor
    <div
      id={`record-${at}`}
      className="rv-row"
      style={place}
      role="option"
      aria-selected={chosen}
      aria-setsize={of}
      aria-posinset={at + 1}
      data-here={here}
      data-begins={begins}
      data-twins={row.twins || undefined}
      data-chosen={chosen}
      data-leaving={leaving}
      data-decision={row.decision}
      data-id={row.id}
      onClick={(event) => props.onClick(event, at)}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <span className="rv-dot" style={{ background: DOTS[row.decision] }}>
        <span className="sb-hidden">{row.decision}</span>
      </span>
      <span className="rv-text sb-one-line">
        <MarkedText text={text} spans={spans} />
      </span>
      <span className="rv-label sb-meta sb-one-line">
        {row.twins > 0 && (
          <span className="rv-twin" title="One of a group that says nearly the same">
            <span aria-hidden="true">≈</span>
            <span className="sb-hidden">one of a group that says nearly the same</span>
          </span>
        )}
        {leaving ? 'leaves' : row.label || (row.spans.length ? `${row.spans.length} marked` : '')}
      </span>
    </div>
  )
})

/** The beginning of a text on one line; line breaks as spaces, so that places stay. */
function beginning(row: ReviewRecord, textColumn: string): { text: string; spans: Span[] } {
  const text = [...row.text.slice(0, 2 * SHOWN)].slice(0, SHOWN).join('').replace(/\s/g, ' ')
  return { text, spans: spansOf(row, textColumn).filter((one) => one.start < SHOWN) }
}
