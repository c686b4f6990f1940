import { QueryClient } from '@tanstack/react-query'
import { isOnline, onOnline } from './online'
import { Offline } from './problem'

/** What was answered is shown at once and asked for again; the client itself has already tried twice. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: 5_000,
      networkMode: 'always',
      refetchOnWindowFocus: false,
      throwOnError: false,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

onOnline(() => {
  if (!isOnline()) return
  void queries.invalidateQueries({
    predicate: (query) => query.state.error instanceof Offline || query.isActive(),
  })
})
