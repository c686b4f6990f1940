import { useCallback, useEffect, useState } from 'react'

const PREFIX = 'seedbed-draft:'

/** State that outlives a reload and a server that went away: kept in the tab until `forget` is called. */
export function useDraft<T>(name: string, initial: T): [T, (value: T) => void, () => void] {
  const [value, setValue] = useState<T>(() => load(name) ?? initial)
  useEffect(() => {
    const now = () => save(name, value)
    const later = setTimeout(now, 150)
    window.addEventListener('pagehide', now)
    return () => {
      clearTimeout(later)
      window.removeEventListener('pagehide', now)
    }
  }, [name, value])
  const forget = useCallback(() => sessionStorage.removeItem(PREFIX + name), [name])
  return [value, setValue, forget]
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
