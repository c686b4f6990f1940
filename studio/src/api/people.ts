import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { every, get, patch, post, remove } from './client'
import { keys } from './keys'
import type { AuditEntry, Page, Scope, Settings, Token, User } from './types'

export function useUsers(enabled = true) {
  return useQuery({
    queryKey: keys.users,
    queryFn: ({ signal }) => every<User>(['users'], { signal }),
    enabled,
  })
}

export function useChangeUsers() {
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: keys.users })
  const add = useMutation({
    mutationFn: (body: { name: string; password: string; owner: boolean }) => post<User>(['users'], body),
    onSettled,
  })
  const edit = useMutation({
    mutationFn: ({ user, ...body }: { user: User; password?: string; owner?: boolean }) =>
      patch<User>(['users', user.name], body, { version: user.version }),
    onSettled,
  })
  const drop = useMutation({
    mutationFn: (user: User) => remove(['users', user.name], { version: user.version }),
    onSettled,
  })
  return { add, edit, drop }
}

export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: ({ signal }) => every<Token>(['tokens'], { signal }),
  })
}

export function useChangeTokens() {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: keys.tokens })
  const add = useMutation({
    mutationFn: (body: { name: string; scope: Scope; project?: string; days?: number }) =>
      post<Token>(['tokens'], body),
    onSuccess,
  })
  const drop = useMutation({ mutationFn: (id: string) => remove(['tokens', id]), onSuccess })
  return { add, drop }
}

export function useVersion() {
  return useQuery({
    queryKey: keys.version,
    queryFn: ({ signal }) => get<{ version: string }>(['version'], { signal }),
  })
}

/** For owners of the server. */
export function useSettings(enabled = true) {
  return useQuery({
    queryKey: keys.settings,
    queryFn: ({ signal }) => get<Settings>(['settings'], { signal }),
    enabled,
  })
}

export function useSaveSettings() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({
      revision,
      ...body
    }: Pick<Settings, 'private_addresses' | 'retention_days' | 'revision'>) =>
      patch<Settings>(['settings'], body, { version: revision }),
    onSuccess: (settings) => queries.setQueryData(keys.settings, settings),
  })
}

/** The log of the server, the latest first, page after page. */
export function useAudit() {
  return useInfiniteQuery({
    queryKey: keys.audit,
    queryFn: ({ signal, pageParam }) =>
      get<Page<AuditEntry>>(['audit'], { signal, query: { limit: 50, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
}
