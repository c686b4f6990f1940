import { useCallback, useEffect, useRef, useState } from 'react'

const PREFIX = 'seedbed-draft:'
const PAUSE = 150

/** State that outlives a reload and a server that went away: kept in the tab until `forget` is called. */
export function useDraft<T>(name: string, initial: T): [T, (value: T) => void, () => void] {
  const [value, setValue] = useState<T>(() => load(name) ?? initial)
  const changed = useRef(false)
  const later = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (!changed.current) return
    const now = () => save(name, value)
    later.current = setTimeout(now, PAUSE)
    window.addEventListener('pagehide', now)
    return () => {
      clearTimeout(later.current)
      window.removeEventListener('pagehide', now)
    }
  }, [name, value])
  const change = useCallback((now: T) => {
    changed.current = true
    setValue(now)
  }, [])
  const forget = useCallback(() => {
    changed.current = false
    clearTimeout(later.current)
    sessionStorage.removeItem(PREFIX + name)
  }, [name])
  return [value, change, forget]
}

function load<T>(name: string): T | undefined {
  const text = sessionStorage.getItem(PREFIX + name)
  try {
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

function save(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // a full store: the draft lives on in memory
  }
}
