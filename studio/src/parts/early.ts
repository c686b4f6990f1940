// Keys that are typed before the page that wants them is there: kept, and given to it in their order.

const MOST = 1000

let kept: { event: KeyboardEvent; at: string }[] = []
let taken = 0

/** Addresses whose pages take keys from their first moment. */
const WAITED_FOR = /^\/p\/[^/]+\/review\/[^/]+$/

/** Begins to keep keys; called once, before anything is drawn. */
export function keepEarlyKeys(): void {
  window.addEventListener('keydown', (event) => {
    const at = window.location.pathname
    if (taken || !WAITED_FOR.test(at) || kept.length === MOST) return
    if (!event.ctrlKey && !event.metaKey && !event.altKey) kept.push({ event, at })
  })
}

/** Takes all keys of this page from now on, those first that were typed before; ends with what it gives back. */
export function takeKeys(listen: (event: KeyboardEvent) => void): () => void {
  const here = window.location.pathname
  const early = kept.filter(({ at }) => at === here)
  kept = []
  taken++
  for (const { event } of early) listen(event)
  window.addEventListener('keydown', listen)
  return () => {
    taken--
    window.removeEventListener('keydown', listen)
  }
}
