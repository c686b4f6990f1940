import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { address, every, post, remove } from './client'
import { keys } from './keys'

/** A dataset as it was kept at a moment. */
export interface Version {
  name: string
  dataset: string
  number: number
  note: string
  by: string
  at: string
  records: number
}

export function useVersions(dataset: string) {
  return useQuery({
    queryKey: keys.versions(dataset),
    queryFn: ({ signal }) => every<Version>(['datasets', dataset, 'versions'], { signal }),
  })
}

export function useKeepVersion(dataset: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (note: string) => post<Version>(['datasets', dataset, 'versions'], { note }),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.versions(dataset) }),
  })
}

export function useForgetVersion(dataset: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (number: number) => remove(['datasets', dataset, 'versions', String(number)]),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.versions(dataset) }),
  })
}

/** The address of a file with the records of a version. */
export function versionFile(version: Version, format: string): string {
  return address(['datasets', version.dataset, 'versions', String(version.number), 'export'], { format })
}
