import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, patch, post, remove } from './client'
import { keys } from './keys'
import type { Connection, ConnectionBody, ConnectionCheck, Page } from './types'

export function useConnections(project: string) {
  return useQuery({
    queryKey: keys.connectionsOf(project),
    queryFn: async ({ signal }) =>
      (await get<Page<Connection>>(['connections'], { signal, query: { project, limit: 200 } })).items,
  })
}

/** Makes a connection, or changes the one given. */
export function useSaveConnection(old: Connection | null) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ConnectionBody) =>
      old
        ? patch<Connection>(['connections', old.name], body, { version: old.version })
        : post<Connection>(['connections'], body),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: keys.connections })
      void queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
}

export function useDeleteConnection() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (one: Connection) => remove(['connections', one.name], { version: one.version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.connections }),
  })
}

/** Asks the provider whether a connection works: one that is kept (by its name) as it is or with changes, or one still being typed. */
export function useCheckConnection() {
  return useMutation({
    mutationFn: (what: { name?: string; body?: ConnectionBody; model?: string }) => {
      const model = what.model ? { model: what.model } : {}
      const place = what.name === undefined ? ['check'] : [what.name, 'check']
      return post<ConnectionCheck>(['connections', ...place], { ...what.body, ...model })
    },
  })
}
