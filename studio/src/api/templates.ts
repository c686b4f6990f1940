import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { every, get, patch, post, remove } from './client'
import { keys } from './keys'
import type { Json, Template, TemplateTry } from './types'

export function useTemplates(project: string, type = '') {
  return useQuery({
    queryKey: keys.templatesOf(project, type),
    queryFn: ({ signal }) => every<Template>(['templates'], { signal, query: { project, type } }),
  })
}

/** Those with a prompt, from which a recipe can be made. */
export function usePrompts(project: string) {
  const { data } = useTemplates(project)
  return { data: data?.filter((one) => one.type !== 'slots') }
}

export function useTemplate(name: string | null, version: number | null = null) {
  return useQuery({
    queryKey: keys.template(name ?? '', version),
    queryFn: ({ signal }) => get<Template>(['templates', name ?? ''], { signal, query: { version } }),
    enabled: name !== null,
  })
}

export function useTemplateVersions(name: string | null) {
  return useQuery({
    queryKey: keys.templateVersions(name ?? ''),
    queryFn: ({ signal }) => every<Template>(['templates', name ?? '', 'versions'], { signal }),
    enabled: name !== null,
  })
}

/** Makes a template, or a new version of the one given. */
export function useSaveTemplate(old: Template | null, project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name, document }: { name: string; document: Record<string, Json> }) =>
      old
        ? patch<Template>(['templates', old.name], { document }, { version: old.version })
        : post<Template>(['templates'], { name, document, project }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.templates }),
  })
}

export function useDeleteTemplate() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (one: Template) => remove(['templates', one.name], { version: '*' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.templates }),
  })
}

export function useTryTemplate() {
  return useMutation({
    mutationFn: (body: { document: Record<string, Json>; values: Record<string, Json> }) =>
      post<TemplateTry>(['templates', 'try'], body),
  })
}
