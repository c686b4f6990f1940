import { useEffect, useRef, useState } from 'react'
import { postEvents } from './client'
import { Offline, Problem } from './problem'
import type { PreviewAttempt, RecipeBody } from './types'

interface Shown {
  attempts: PreviewAttempt[]
  /** How many there will be. */
  wanted: number
  isPending: boolean
  /** Whether somebody did not want to wait. */
  stopped: boolean
  error: unknown
}

const NOTHING: Shown = { attempts: [], wanted: 0, isPending: false, stopped: false, error: null }

export type PreviewOfRecipe = Shown & {
  start: (body: RecipeBody, n: number) => void
  stop: () => void
}

/** Some attempts at a recipe, each shown when it has ended; leaving the page ends the calls. */
export function usePreview(): PreviewOfRecipe {
  const [shown, setShown] = useState(NOTHING)
  const going = useRef<AbortController>(undefined)
  useEffect(() => () => going.current?.abort(), [])
  const stop = () => {
    going.current?.abort()
    setShown((now) => ({ ...now, isPending: false, stopped: now.isPending }))
  }
  const start = (body: RecipeBody, n: number) => {
    going.current?.abort()
    const own = new AbortController()
    going.current = own
    setShown({ ...NOTHING, wanted: n, isPending: true })
    const set = (change: (now: Shown) => Partial<Shown>) =>
      going.current === own && !own.signal.aborted && setShown((now) => ({ ...now, ...change(now) }))
    attempts(body, n, own.signal, (one) => set((now) => ({ attempts: [...now.attempts, one] })))
      .then(() => set(() => ({ isPending: false })))
      .catch((error: unknown) => set(() => ({ isPending: false, error })))
  }
  return { ...shown, start, stop }
}

async function attempts(
  body: RecipeBody,
  n: number,
  signal: AbortSignal,
  show: (one: PreviewAttempt) => void,
): Promise<void> {
  let whole = false
  await postEvents(['recipes', 'preview'], { ...body, n }, signal, (name, data) => {
    if (name === 'problem') throw new Problem(Number((data as { status: number }).status), data as object)
    if (name === 'attempt') show(data as PreviewAttempt)
    else whole = true
  })
  if (!whole) throw new Offline(false)
}
