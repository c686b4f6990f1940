import { useEffect, useRef } from 'react'
import { address } from './client'
import { onOnline, reportSilence } from './online'

type Listeners = Record<string, (data: unknown) => void>

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 8000

/** Listens to a stream of server-sent events; opened again after every break, closed by the function returned. */
export function listen(parts: string[], query: Record<string, string>, listeners: Listeners): () => void {
  let source: EventSource | undefined
  let pause = FIRST_PAUSE
  let again: ReturnType<typeof setTimeout> | undefined

  function open(): void {
    close()
    source = new EventSource(address(parts, query))
    source.onopen = () => {
      pause = FIRST_PAUSE
    }
    source.onerror = () => {
      // A stream that was refused stays closed; one that broke is tried by the browser itself.
      if (source?.readyState !== EventSource.CLOSED) return
      again = setTimeout(open, pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE)
    }
    for (const [name, listener] of Object.entries(listeners)) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        listener(event.data ? JSON.parse(event.data) : undefined)
        if (name === 'end') close()
      })
    }
    source.addEventListener('error', () => void probe())
  }

  function close(): void {
    clearTimeout(again)
    source?.close()
  }

  const forget = onOnline(() => {
    if (source?.readyState === EventSource.CLOSED) open()
  })
  open()
  return () => {
    forget()
    close()
  }
}

/** A broken stream may mean a silent server, or only an end: the health tells. */
async function probe(): Promise<void> {
  try {
    await fetch(address(['health']))
  } catch {
    reportSilence()
  }
}

/** `listen` for as long as a component is shown and `parts` is given; the latest listeners are called. Another `round`
 * opens the stream anew, as after an `end` that was not the last. */
export function useEvents(
  parts: string[] | null,
  query: Record<string, string>,
  listeners: Listeners,
  round = 0,
): void {
  const latest = useRef(listeners)
  useEffect(() => {
    latest.current = listeners
  })
  const names = Object.keys(listeners).join(' ')
  const target = parts && JSON.stringify([parts, query])
  useEffect(() => {
    if (!target) return
    const [path, search] = JSON.parse(target) as [string[], Record<string, string>]
    const all = names.split(' ').map((name) => [name, (data: unknown) => latest.current[name]?.(data)])
    return round >= 0 ? listen(path, search, Object.fromEntries(all) as Listeners) : undefined
  }, [target, names, round])
}
