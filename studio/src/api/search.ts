import { useQuery } from '@tanstack/react-query'
import { get } from './client'
import { keys } from './keys'
import type { Page, SearchHit } from './types'

/** What in a project has all these words: its names, and the words of its records. */
export function useSearchFor(project: string, words: string) {
  const q = words.trim()
  return useQuery({
    queryKey: keys.search(project, q),
    queryFn: async ({ signal }) =>
      (await get<Page<SearchHit>>(['search'], { signal, query: { q, project } })).items,
    enabled: q !== '',
    staleTime: 10_000,
  })
}
