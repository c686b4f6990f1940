import { useSyncExternalStore } from 'react'
import { stopped } from './sentence'

// Short messages at the foot of the sidebar: what was done, or what went wrong.

export interface Note {
  id: number
  words: string
  error: boolean
  action?: { words: string; do: () => void }
}

const SHOWN_FOR = 5000
const SHOWN_FOR_ERROR = 12000

let notes: Note[] = []
let next = 1
const listeners = new Set<() => void>()

function set(now: Note[]): void {
  notes = now
  for (const listener of listeners) listener()
}

/** Says something for some seconds. */
export function say(words: string, options: Partial<Pick<Note, 'error' | 'action'>> = {}): void {
  const note: Note = { id: next++, words, error: false, ...options }
  set([...notes.slice(-1), note])
  setTimeout(() => dismiss(note.id), note.error ? SHOWN_FOR_ERROR : SHOWN_FOR)
}

/** Says what went wrong: the sentence and the hint. */
export function sayWrong(problem: { detail: string; hint: string }): void {
  say([stopped(problem.detail), problem.hint].filter(Boolean).join(' '), { error: true })
}

export function dismiss(id: number): void {
  set(notes.filter((note) => note.id !== id))
}

export function useNotes(): Note[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => notes,
  )
}
