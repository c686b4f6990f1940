import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post, remove } from './client'
import { keys } from './keys'
import { queries } from './queries'
import type { Role, Session } from './types'
import { onWho, rememberWho, whoNow } from './who'

async function keep(answer: Promise<Session>): Promise<Session> {
  const session = await answer
  rememberWho(session)
  return session
}

let shown = ''
onWho(() => {
  const who = whoNow()
  if (who && shown && who !== shown) forgetAll(queries)
  shown = who || shown
})

export const session = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => keep(get<Session>(['session'], { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})

export function useSession() {
  return useQuery(session)
}

export function useLogin() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (who: { name: string; password: string }) => keep(post<Session>(['session'], who)),
    onSuccess: (session) => {
      forgetAll(queries)
      queries.setQueryData(keys.session, session)
    },
  })
}

export function useLogout() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => remove(['session']),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.session })
      forgetAll(queries)
    },
  })
}

/** What one person was answered is not shown to the next. */
function forgetAll(queries: QueryClient): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] })
}

/** Whether the person owns the server: makes projects, lets people in, sees its settings. */
export function useOwner(): boolean {
  const { data } = useSession()
  return !data || data.local || data.user?.owner === true
}

/** What the person may do in a project: reviewers decide about records, editors make things, owners let people in. */
export function useRole(project: string): Role {
  const { data } = useSession()
  if (!data || data.local || data.user?.owner) return 'owner'
  return data.roles[project] ?? 'reviewer'
}
