import { useSyncExternalStore } from 'react'

// Whether the server answers. While it does not, its health is asked every other second.

const HEALTH = '/api/v1/health'
const EVERY = 2000

let online = true
let asking: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

/** Calls `listener` whenever the server goes silent or comes back. */
export function onOnline(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function isOnline(): boolean {
  return online
}

export function useOnline(): boolean {
  return useSyncExternalStore(onOnline, isOnline)
}

export function reportAnswer(): void {
  clearTimeout(asking)
  asking = undefined
  change(true)
}

export function reportSilence(): void {
  change(false)
  asking ??= setTimeout(ask, EVERY)
}

/** Waits until the server answers again; not at all while it does. */
export function onceOnline(): Promise<void> {
  return new Promise((go) => {
    if (online) return go()
    const forget = onOnline(() => {
      if (!online) return
      forget()
      go()
    })
  })
}

/** Asks whether the server answers, and tells everybody. */
export async function answersNow(): Promise<boolean> {
  try {
    const answer = await fetch(HEALTH)
    if (answer.ok) {
      reportAnswer()
      return true
    }
  } catch {
    // silent
  }
  reportSilence()
  return false
}

function ask(): void {
  asking = undefined
  void answersNow()
}

function change(now: boolean): void {
  if (now === online) return
  online = now
  for (const listener of listeners) listener()
}
