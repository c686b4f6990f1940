import { type RefObject, useEffect } from 'react'
import { elsewhere } from './keyboard'

/** How much of a window Space goes further: the last lines stay in sight. */
const STEP = 0.85

/** Space reads on in a long text and then in the rest of the panel, Space with Shift back. */
export function useReadOn(pane: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return
      if (elsewhere(event.target) || onControl(event.target) || !pane.current) return
      const down = event.shiftKey ? -1 : 1
      const text = pane.current.querySelector<HTMLElement>('[data-long="true"]')
      const box = text && hasMore(text, down) ? text : pane.current
      box.scrollBy({ top: down * STEP * box.clientHeight })
      event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [pane])
}

/** Space presses what has the focus. */
function onControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role="button"]') !== null
}

function hasMore(box: HTMLElement, down: number): boolean {
  return down > 0 ? box.scrollTop + box.clientHeight < box.scrollHeight - 1 : box.scrollTop > 0
}
