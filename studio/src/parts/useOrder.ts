import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react'

interface Grip {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void
  onPointerMove: (event: PointerEvent<HTMLElement>) => void
  onPointerUp: () => void
  onPointerCancel: () => void
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  'data-grip': number
}

interface Ordering {
  /** Of the element whose children with `data-place` are ordered. */
  box: RefObject<HTMLDivElement | null>
  /** What a grip needs: it is dragged, or moved by the arrows up and down. */
  grip: (place: number) => Grip
  /** Where something is dragged from, and the gap it would go into; null while nothing is. */
  drag: { from: number; gap: number } | null
}

/** Things in a row that are put into another order, by pointer and by keys. */
export function useOrder(count: number, move: (from: number, to: number) => void): Ordering {
  const box = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; gap: number } | null>(null)

  /** The gap nearest to a height: 0 is before the first. */
  const gapAt = (y: number) => {
    const rows = [...(box.current?.querySelectorAll<HTMLElement>(':scope > [data-place]') ?? [])]
    return rows.filter((row) => {
      const { top, height } = row.getBoundingClientRect()
      return y > top + height / 2
    }).length
  }
  const end = (taken: boolean) => {
    if (taken && drag) {
      const to = drag.gap > drag.from ? drag.gap - 1 : drag.gap
      if (to !== drag.from) move(drag.from, to)
    }
    setDrag(null)
  }
  const grip = (place: number): Grip => ({
    'data-grip': place,
    onPointerDown: (event) => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag({ from: place, gap: place })
    },
    onPointerMove: (event) => drag && setDrag({ ...drag, gap: gapAt(event.clientY) }),
    onPointerUp: () => end(true),
    onPointerCancel: () => end(false),
    onKeyDown: (event) => {
      if (event.key === 'Escape' && drag) return end(false)
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
      if (by === undefined) return
      event.preventDefault()
      const to = place + by
      if (to < 0 || to >= count) return
      move(place, to)
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-grip="${to}"]`)?.focus())
    },
  })
  return { box, grip, drag }
}

/** The same things with one of them at another place. */
export function moved<T>(things: readonly T[], from: number, to: number): T[] {
  const now = [...things]
  const [one] = now.splice(from, 1)
  if (one !== undefined) now.splice(to, 0, one)
  return now
}
