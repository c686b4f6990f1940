import { useEffect } from 'react'
import { draftOf, keepDraft } from '../../parts/draft'
import type { Place, ReviewState } from './types'

/** So far down a list is begun again where one was; loading more would take too long. */
const DEEPEST = 2000

/** Keeps where one is in a list, for the time after a reload or another page. `listing` says which list it is. */
export function useKeepPlace(dataset: string, listing: string, { rows, cursor }: ReviewState): void {
  const id = rows[cursor]?.id
  useEffect(() => {
    if (id !== undefined) keepDraft(nameOf(dataset), { listing, id, at: cursor })
  }, [dataset, listing, id, cursor])
}

/** Where one was in a list before. */
export function placeIn(dataset: string, listing: string): Place | undefined {
  const kept = draftOf<Place & { listing: string }>(nameOf(dataset))
  return kept?.listing === listing && kept.at > 0 && kept.at < DEEPEST ? kept : undefined
}

function nameOf(dataset: string): string {
  return `place:${dataset}`
}
