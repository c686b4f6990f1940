import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { keys } from './keys'
import { isOnline, onOnline } from './online'
import { Offline, Problem } from './problem'

/** What was answered is shown at once and asked for again; the client itself has already tried twice. */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: askWho }),
  mutationCache: new MutationCache({ onError: lookAgain }),
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

/** What was to be changed is not there any more: neither is what is shown of it. */
function lookAgain(error: Error): void {
  askWho(error)
  if (error instanceof Problem && error.status === 404)
    void queries.invalidateQueries({ predicate: (query) => query.isActive() })
}

/** A session that has ended shows the login page; what was typed is kept for the time after. */
function askWho(error: Error): void {
  if (error instanceof Problem && error.status === 401)
    void queries.invalidateQueries({ queryKey: keys.session })
}
