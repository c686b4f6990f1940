import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'

const PREFIX = 'seedbed-draft:'
const PAUSE = 150

const listeners = new Set<() => void>()

/** State that outlives a reload and a server that went away: kept in the tab until `forget` is called. */
export function useDraft<T>(name: string, initial: T): [T, (value: T) => void, () => void] {
  const [value, setValue] = useState<T>(() => draftOf<T>(name) ?? initial)
  const changed = useRef(false)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
    if (!changed.current) return
    const now = () => keepDraft(name, value)
    later.current = setTimeout(now, PAUSE)
    window.addEventListener('pagehide', now)
    return () => {
      clearTimeout(later.current)
      window.removeEventListener('pagehide', now)
    }
  }, [name, value])
  // Who goes elsewhere in the studio loses nothing of the last moment.
  useEffect(
    () => () => {
      if (changed.current) keepDraft(name, latest.current)
    },
    [name],
  )
  const change = useCallback((now: T) => {
    changed.current = true
    setValue(now)
  }, [])
  const forget = useCallback(() => {
    changed.current = false
    clearTimeout(later.current)
    dropDraft(name)
  }, [name])
  return [value, change, forget]
}

/** What is kept under a name, if anything is. */
export function draftOf<T>(name: string): T | undefined {
  const text = sessionStorage.getItem(PREFIX + name)
  try {
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

export function keepDraft(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // a full store: the draft lives on in memory
  }
  tell()
}

export function dropDraft(name: string): void {
  if (sessionStorage.getItem(PREFIX + name) === null) return
  sessionStorage.removeItem(PREFIX + name)
  tell()
}

/** The names of all drafts that begin so, without that beginning. */
export function useDrafts(begin: string): string[] {
  const names = useSyncExternalStore(listen, () => namesOf(PREFIX + begin))
  return useMemo(() => (names ? names.split('\n') : []), [names])
}

/**
 * A field that is saved when one leaves it: what is typed and not saved yet is kept like a draft, and is there again
 * after a reload. `name` says whose it is.
 */
export function useKept(name: string, saved: string): [string, (typed: string) => void, () => void] {
  const [typed, setTyped] = useState(() => draftOf<string>(name) ?? saved)
  const [of, setOf] = useState({ name, saved })
  if (of.name !== name || of.saved !== saved) {
    setOf({ name, saved })
    setTyped(draftOf<string>(name) ?? saved)
  }
  const change = (now: string) => {
    setTyped(now)
    if (now === saved) dropDraft(name)
    else keepDraft(name, now)
  }
  return [typed, change, () => dropDraft(name)]
}

function namesOf(begin: string): string {
  const all = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at) ?? '')
  return all
    .filter((name) => name.startsWith(begin))
    .map((name) => name.slice(begin.length))
    .sort()
    .join('\n')
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  for (const listener of listeners) listener()
}
