import { type RefObject, useEffect, useRef } from 'react'
import { takeKeys } from '../../parts/early'
import { isKey, type KeyGround, pressed } from './keyboard'
import type { ReviewStore } from './store'

interface Ground extends Omit<KeyGround, 'page' | 'search'> {
  words: RefObject<HTMLInputElement | null>
  page: RefObject<number>
  /** Whether the labels are known, so that their numbers say something. */
  labelled: boolean
}

const NUMBER = /^[1-9]$/
/** Keys after which one types words: what follows them is no key of the list. */
const OPENS = /^[etn/]$/i

/** The keys of Review. What is typed before the first records are there waits for them, and none of it is lost. */
export function useKeys(store: ReviewStore, ground: Ground): void {
  const now = useRef(ground)
  const waiting = useRef<KeyboardEvent[]>([])
  const goOn = useRef(() => undefined)
  useEffect(() => {
    now.current = ground
    goOn.current()
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { words, page, labels, spanLabels } = now.current
      return pressed(event, store, {
        labels,
        spanLabels,
        search: () => words.current?.focus(),
        page: page.current,
      })
    }
    const ready = (event: KeyboardEvent) =>
      store.get().next !== undefined && (now.current.labelled || !NUMBER.test(event.key))
    goOn.current = () => {
      const { opening, problem } = store.get()
      if (problem !== null && opening) waiting.current = [] // the person sees that there is nothing
      for (let first = waiting.current[0]; first && ready(first); first = waiting.current[0]) {
        waiting.current.shift()
        press(first)
      }
    }
    const listen = (event: KeyboardEvent) => {
      if (waiting.current.length === 0 && ready(event)) {
        if (press(event)) event.preventDefault()
      } else if (isKey(event)) {
        if (!waiting.current.some((one) => OPENS.test(one.key))) waiting.current.push(event)
        event.preventDefault()
      }
    }
    const forget = store.subscribe(() => goOn.current())
    const end = takeKeys(listen)
    return () => {
      end()
      forget()
    }
  }, [store])
}
