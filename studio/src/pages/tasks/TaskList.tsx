import { Button } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, useEffect, useRef } from 'react'
import type { ReviewRecord } from '../../api/types'
import { MarkedText } from '../../parts/MarkedText'
import { elsewhere } from '../review/keyboard'
import { type ChosenTasks, NOTHING } from './useTaskBulk'

interface Props {
  found: {
    hasNextPage: boolean
    isFetchingNextPage: boolean
    isPending: boolean
    isError: boolean
    fetchNextPage: () => unknown
  }
  rows: ReviewRecord[]
  at: number
  setAt: (at: number) => void
  chosen: ChosenTasks
  setChosen: (chosen: ChosenTasks) => void
  /** They are of more than one dataset: where one begins its name stands. */
  several: boolean
  /** What there is to say where no task is to be shown. */
  none: string
  showAll: () => void
}

const ROW = 40
const STEPS: Record<string, number> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  PageDown: 10,
  PageUp: -10,
}
const DOTS: Record<string, string> = {
  todo: 'var(--sb-todo)',
  doing: 'var(--sb-duplicate)',
  done: 'var(--sb-approve)',
}
const WORDS: Record<string, string> = { todo: 'to do', doing: 'in progress', done: 'done' }

/** Tasks as lines; pages are loaded as one comes near their end. */
export function TaskList({ found, rows, at, setAt, chosen, setChosen, several, none, showAll }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const bones = found.isPending || found.hasNextPage ? 12 : 0
  const virtual = useVirtualizer({
    count: rows.length + bones,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - 60) void fetchNextPage()
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])
  useEffect(() => {
    virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])

  const isChosen = (id: string) => chosen.everything || chosen.ids.has(id)
  const choose = (ids: Iterable<string>) => setChosen({ ids: new Set(ids), everything: false })
  const toggle = (id: string) => {
    const now = new Set(chosen.ids)
    if (!now.delete(id)) now.add(id)
    choose(now)
  }
  /** All from here to there, with those that are chosen already. */
  const extend = (to: number) => {
    const [from, until] = [Math.min(at, to), Math.max(at, to)]
    choose([...chosen.ids, ...rows.slice(from, until + 1).map((row) => row.id)])
    setAt(to)
  }
  const click = (event: MouseEvent, index: number, id: string) => {
    if (event.ctrlKey || event.metaKey) toggle(id)
    else if (event.shiftKey) extend(index)
    else setAt(index)
  }
  const press = useRef((_: KeyboardEvent) => undefined as unknown)
  useEffect(() => {
    press.current = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || elsewhere(event.target)) return
      const by = STEPS[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      const to = Math.max(0, Math.min(at + (by ?? 0), rows.length - 1))
      if (by !== undefined && event.shiftKey) extend(to)
      else if (by !== undefined) setAt(to)
      else if (event.key.toLowerCase() === 'x') toggle(rows[at]?.id ?? '')
      else if (event.key === 'Escape') return setChosen(NOTHING)
      else return
      event.preventDefault()
    }
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press.current(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  if (!found.isPending && !rows.length) {
    return (
      <div className="rv-list" style={{ padding: 24 }}>
        {!found.isError && (
          <>
            <p style={{ marginTop: 0 }}>{none}</p>
            <Button variant="default" onClick={showAll}>
              Show all tasks
            </Button>
          </>
        )}
      </div>
    )
  }
  return (
    <div
      ref={box}
      className="rv-list"
      role="listbox"
      aria-label="Tasks"
      aria-multiselectable="true"
      aria-activedescendant={rows.length ? `task-${at}` : undefined}
      aria-busy={found.isPending}
      tabIndex={0}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = rows[index]
          const place = { transform: `translateY(${start}px)` }
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
            <div
              key={index}
              id={`task-${index}`}
              className="rv-row"
              style={place}
              role="option"
              aria-label={row ? undefined : 'Loading'}
              aria-selected={row ? isChosen(row.id) : false}
              data-here={index === at}
              data-chosen={row ? isChosen(row.id) : false}
              onClick={(event) => row && click(event, index, row.id)}
              onMouseDown={(event) => event.shiftKey && event.preventDefault()}
            >
              {row ? (
                <Line row={row} begins={several && row.dataset !== rows[index - 1]?.dataset} />
              ) : (
                <Bone at={index} />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Line({ row, begins }: { row: ReviewRecord; begins: boolean }) {
  const text = row.text.slice(0, 260).replace(/\s/g, ' ')
  return (
    <>
      <span className="rv-dot" style={{ background: DOTS[row.work] ?? 'var(--sb-todo)' }}>
        <span className="sb-hidden">{WORDS[row.work]}</span>
      </span>
      <span className="rv-text sb-one-line">
        {begins && <span className="rv-tag rv-from">{row.dataset}</span>}
        <MarkedText
          text={text}
          spans={row.spans.filter((one) => (one.field ?? 'text') === 'text' && one.end < 260)}
        />
      </span>
      <span className="sb-meta sb-one-line">{[row.label, row.person].filter(Boolean).join(' · ')}</span>
    </>
  )
}

function Bone({ at }: { at: number }) {
  return (
    <>
      <span className="rv-dot" style={{ background: 'var(--sb-line)' }} />
      <div className="rv-bone" style={{ width: `${88 - ((at * 23) % 45)}%` }} />
      <div className="rv-bone" />
    </>
  )
}
