import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Span } from '../../../api/types'
import { Legend } from '../../../parts/Legend'
import { MarkedText } from '../../../parts/MarkedText'
import { codePointStarts, colourOf, roomFor, toCodePoint } from '../../../parts/marking'
import { say } from '../../../parts/notes'
import { spansOf } from '../rows'
import { lengthOf, meant, relabelled, stretch, textUnderway, toggledSpan } from '../spans'
import { Overlaps } from './Overlaps'
import { type Place, SpanMenu } from './SpanMenu'
import type { InFocus } from './types'

/** More characters than a window shows. */
const LONG = 3000

/** The whole text with its spans. Words are marked with the mouse (select them), or by keys in span mode. */
export function SpanText({ store, row, state, labels }: InFocus & { labels: string[] }) {
  const box = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<(Place & { id: string; text: string }) | null>(null)
  const place = open?.id === row.id && open.text === row.text ? open : null
  const setPlace = (now: Place | null) => setOpen(now && { ...now, id: row.id, text: row.text })
  const spans = spansOf(row, state.textColumn)
  const here = [...new Set(spans.map((one) => one.label))].sort()
  const known = [...labels, ...here.filter((one) => !labels.includes(one))]
  const inSpans = state.mode === 'spans'
  const chosen = inSpans ? stretch(state) : null
  const points = [...row.text]
  const long = points.length > LONG

  // biome-ignore lint/correctness/useExhaustiveDependencies: another record is read from its beginning
  useEffect(() => {
    box.current?.scrollTo(0, 0)
  }, [row.id])

  useEffect(() => {
    const found = chosen && box.current && rangeOf(box.current, row.text, chosen)
    if (!found || !('highlights' in CSS)) return
    CSS.highlights.set('sb-words', new Highlight(found))
    if (box.current) follow(box.current, found)
    return () => void CSS.highlights.delete('sb-words')
  })

  const change = (now: Span[]) => {
    if (textUnderway(state, row.id)) say('One moment: the text is being saved.')
    else store.dispatch({ type: 'change', id: row.id, change: { spans: now } })
    setPlace(null)
    window.getSelection()?.removeAllRanges()
  }
  const released = () => {
    const found = box.current && selected(box.current, row.text, spans)
    if (found) setPlace(found)
  }
  return (
    <div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: marking by mouse; span mode does the same by keys */}
      <div
        className="sb-read"
        ref={box}
        data-testid="text"
        data-long={long}
        style={{ lineHeight: roomFor(spans) }}
        {...(long && { tabIndex: 0, role: 'region', 'aria-label': 'Text' })}
        onMouseUp={released}
      >
        <MarkedText text={row.text} spans={spans} />
      </div>
      {place && (
        <SpanMenu
          place={place}
          labels={known}
          give={(label) =>
            change(
              place.own
                ? relabelled(row, place.own, label)
                : toggledSpan(row, { start: place.start, end: place.end, label, field: state.textColumn }),
            )
          }
          remove={() => change(row.spans.filter((one) => !place.spans.includes(one)))}
          close={() => setPlace(null)}
        />
      )}
      {state.dropped?.id === row.id && (
        <div className="rv-note" role="status" style={{ marginTop: 10 }}>
          No longer marked, because the words have changed:{' '}
          {state.dropped.spans.map((one) => one.label).join(', ')}{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => store.dispatch({ type: 'told' })}>
            Understood
          </Button>
        </div>
      )}
      {inSpans ? (
        <div style={{ marginTop: 12 }} role="status">
          <div className="sb-meta">
            {chosen
              ? `Chosen: “${points.slice(chosen.start, chosen.end).join('')}”`
              : 'There is no word to choose.'}
          </div>
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: 6, marginTop: 6 }}>
            {known.slice(0, 9).map((label, at) => (
              <button
                key={label}
                type="button"
                className="rv-chip"
                style={{ borderBottom: `2px solid var(--sb-mark-${colourOf(label)}-line)` }}
                onClick={() => store.dispatch({ type: 'mark', label })}
              >
                <kbd>{at + 1}</kbd>
                {label}
              </button>
            ))}
            <button type="button" className="rv-chip" onClick={() => store.dispatch({ type: 'unmark' })}>
              <kbd>⌫</kbd>
              remove
            </button>
          </div>
          <div className="sb-meta" style={{ marginTop: 6 }}>
            <kbd>←</kbd> <kbd>→</kbd> choose · <kbd>Shift</kbd> extends · <kbd>S</kbd> ends
          </div>
        </div>
      ) : (
        here.length > 0 && (
          <div style={{ marginTop: 12 }}>
            <Legend labels={here} />
          </div>
        )
      )}
      <Overlaps text={row.text} spans={spans} />
    </div>
  )
}

/** Moves a long text so that chosen words are in its window. */
function follow(box: HTMLElement, words: Range) {
  const [at, frame] = [words.getBoundingClientRect(), box.getBoundingClientRect()]
  if (at.bottom > frame.bottom) box.scrollTop += at.bottom - frame.bottom + 8
  if (at.top < frame.top) box.scrollTop -= frame.top - at.top + 8
}

/** What was selected with the mouse, or the spans that were clicked at. */
function selected(box: HTMLElement, text: string, spans: Span[]): Place | null {
  const selection = window.getSelection()
  if (!selection?.rangeCount || !box.contains(selection.anchorNode)) return null
  const range = selection.getRangeAt(0)
  if (!box.contains(range.endContainer)) return null
  const before = document.createRange()
  before.selectNodeContents(box)
  before.setEnd(range.startContainer, range.startOffset)
  const from = before.toString().length
  const words = range.toString()
  const trimmed = words.trim()
  const offset = from + (trimmed ? words.indexOf(trimmed) : 0)
  const start = toCodePoint(text, offset)
  const end = start + [...trimmed].length
  const found = trimmed ? meant(spans, { start, end }) : clicked(spans, start)
  const first = found[0]
  if (!trimmed && !first) return null
  const at = trimmed || !first ? { start, end } : { start: first.start, end: first.end }
  const shown = range.getBoundingClientRect()
  return {
    ...at,
    spans: found,
    own: trimmed || found.length > 1 ? undefined : first,
    left: shown.left,
    top: shown.bottom,
    words: [...text].slice(at.start, at.end).join(''),
  }
}

/** The innermost span at a place, with others of the same words. */
function clicked(spans: readonly Span[], at: number): Span[] {
  const [first, ...others] = meant(spans, { start: at, end: at + 1 }).sort(
    (a, b) => lengthOf(a) - lengthOf(b),
  )
  if (!first) return []
  return [first, ...others.filter((one) => one.start === first.start && one.end === first.end)]
}

function rangeOf(box: HTMLElement, text: string, at: { start: number; end: number }): Range | null {
  const starts = codePointStarts(text)
  const range = document.createRange()
  const [from, to] = [nodeAt(box, starts[at.start] ?? 0), nodeAt(box, starts[at.end] ?? text.length)]
  if (!from || !to) return null
  range.setStart(...from)
  range.setEnd(...to)
  return range
}

function nodeAt(box: HTMLElement, place: number): [Node, number] | null {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT)
  let left = place
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0
    if (left <= length) return [node, left]
    left -= length
  }
  return null
}
