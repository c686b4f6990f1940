import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { whoLast } from '../api/who'

const PAUSE = 150

/** Drafts are of one person: whoever logs in next has their own. */
const begin = () => `seedbed-draft:${whoLast()}:`

const listeners = new Set<() => void>()

/** State that outlives a reload and a server that went away: kept in the tab until `forget` is called. */
export function useDraft<T>(name: string, initial: T): [T, (value: T) => void, () => void] {
  const [mine] = useState(begin)
  const [value, setValue] = useState<T>(() => draftOf<T>(name, mine) ?? initial)
  const changed = useRef(false)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
    if (!changed.current) return
    const now = () => keepDraft(name, value, mine)
    later.current = setTimeout(now, PAUSE)
    window.addEventListener('pagehide', now)
    return () => {
      clearTimeout(later.current)
      window.removeEventListener('pagehide', now)
    }
  }, [name, mine, value])
  // Who goes elsewhere in the studio loses nothing of the last moment.
  useEffect(
    () => () => {
      if (changed.current) keepDraft(name, latest.current, mine)
    },
    [name, mine],
  )
  const change = useCallback((now: T) => {
    changed.current = true
    setValue(now)
  }, [])
  const forget = useCallback(() => {
    changed.current = false
    clearTimeout(later.current)
    dropDraft(name, mine)
  }, [name, mine])
  return [value, change, forget]
}

/** What is kept under a name, if anything is. */
export function draftOf<T>(name: string, whose = begin()): T | undefined {
  const text = sessionStorage.getItem(whose + name)
  try {
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

export function keepDraft(name: string, value: unknown, whose = begin()): void {
  try {
    sessionStorage.setItem(whose + name, JSON.stringify(value))
  } catch {
    // a full store: the draft lives on in memory
  }
  tell()
}

export function dropDraft(name: string, whose = begin()): void {
  if (sessionStorage.getItem(whose + name) === null) return
  sessionStorage.removeItem(whose + name)
  tell()
}

/** The names of all drafts that begin so, without that beginning. */
export function useDrafts(first: string): string[] {
  const names = useSyncExternalStore(listen, () => namesOf(begin() + first))
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

function namesOf(first: string): string {
  const all = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at) ?? '')
  return all
    .filter((name) => name.startsWith(first))
    .map((name) => name.slice(first.length))
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
