import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorNote } from './ErrorNote'
import { Waiting } from './Waiting'

interface Props<T> {
  query: UseQueryResult<T>
  rows?: number
  children: (data: T) => ReactNode
}

/** What was asked of the server: grey bars, then it or what went wrong; old data stay while they are asked for again. */
export function Answer<T>({ query, rows = 5, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorNote error={query.error} again={() => void query.refetch()} />
  return <Waiting rows={rows} />
}
