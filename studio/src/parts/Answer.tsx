import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Problem } from '../api/problem'
import { ErrorNote } from './ErrorNote'
import { Waiting } from './Waiting'

interface Props<T> {
  query: UseQueryResult<T>
  rows?: number
  children: (data: T) => ReactNode
}

/**
 * What was asked of the server: grey bars, then it or what went wrong. Old data stay while they are asked for again, but
 * not those of what is not there any more, or not for this person.
 */
export function Answer<T>({ query, rows = 5, children }: Props<T>) {
  if (query.data !== undefined && !isGone(query.error)) return children(query.data)
  if (query.error) return <ErrorNote error={query.error} again={() => void query.refetch()} />
  return <Waiting rows={rows} />
}

function isGone(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 403)
}
