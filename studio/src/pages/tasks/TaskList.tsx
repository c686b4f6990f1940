import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import type { ReviewRecord } from '../../api/types'
import { MarkedText } from '../../parts/MarkedText'

interface Props {
  found: {
    hasNextPage: boolean
    isFetchingNextPage: boolean
    isPending: boolean
    fetchNextPage: () => unknown
  }
  rows: ReviewRecord[]
  at: number
  setAt: (at: number) => void
  chosen: ReadonlySet<string>
  setChosen: (ids: ReadonlySet<string>) => void
}

const ROW = 40
const DOTS: Record<string, string> = {
  todo: 'var(--sb-todo)',
  doing: 'var(--sb-duplicate)',
  done: 'var(--sb-approve)',
}
const WORDS: Record<string, string> = { todo: 'to do', doing: 'in progress', done: 'done' }

/** Tasks as lines; pages are loaded as one comes near their end. */
export function TaskList({ found, rows, at, setAt, chosen, setChosen }: Props) {
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

  const toggle = (id: string) => {
    const now = new Set(chosen)
    if (!now.delete(id)) now.add(id)
    setChosen(now)
  }
  const click = (event: MouseEvent, index: number, id: string) => {
    if (event.ctrlKey || event.metaKey) toggle(id)
    else if (event.shiftKey) {
      const [from, to] = [Math.min(at, index), Math.max(at, index)]
      setChosen(new Set([...chosen, ...rows.slice(from, to + 1).map((row) => row.id)]))
    } else setAt(index)
  }
  const press = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: 10,
      PageUp: -10,
    }
    const by = steps[event.key]
    if (by !== undefined) setAt(Math.max(0, Math.min(at + by, rows.length - 1)))
    else if (event.key === 'x' || event.key === ' ') toggle(rows[at]?.id ?? '')
    else return
    event.preventDefault()
  }
  if (!found.isPending && !rows.length) {
    return (
      <div className="rv-list" style={{ padding: 32 }}>
        No task is like that.
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
      onKeyDown={press}
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
              aria-selected={row ? chosen.has(row.id) : false}
              data-here={index === at}
              data-chosen={row ? chosen.has(row.id) : false}
              onClick={(event) => row && click(event, index, row.id)}
              onMouseDown={(event) => event.shiftKey && event.preventDefault()}
            >
              {row ? <Line row={row} /> : <Bone at={index} />}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Line({ row }: { row: ReviewRecord }) {
  const text = row.text.slice(0, 260).replace(/\s/g, ' ')
  return (
    <>
      <span className="rv-dot" style={{ background: DOTS[row.work] ?? 'var(--sb-todo)' }}>
        <span className="sb-hidden">{WORDS[row.work]}</span>
      </span>
      <span className="rv-text sb-one-line">
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
