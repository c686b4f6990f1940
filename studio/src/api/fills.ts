import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { post, upload } from './client'
import { keys } from './keys'
import type { Job, Json, Span } from './types'

/** A sentence with slots and how many records are to be made of it; `label` and `columns` are theirs. */
export interface SlotTemplate {
  text: string
  n: number
  name?: string
  label?: string
  columns?: Record<string, Json>
}

export interface FillBody {
  templates: SlotTemplate[]
  values?: Record<string, string[]>
  dataset?: string
  faker?: string
  seed?: number
}

export interface FillProblem {
  template: number
  field: string
  message: string
  hint: string
}

export interface FillPreview {
  items: { template: number; text: string; spans: Span[] }[]
  problems: FillProblem[]
}

export interface FillResult {
  dataset: string
  records: number
  made: number
  by_template: {
    template: string
    name: string
    asked: number
    made: number
    combinations: number
    why: string
  }[]
  messages: string[]
}

export function useFillPreview(body: FillBody, n: number) {
  return useQuery({
    queryKey: ['fill-preview', body, n],
    queryFn: ({ signal }) => post<FillPreview>(['fills', 'preview'], { ...body, n }, { signal }),
    enabled: body.templates.length > 0,
    staleTime: 60_000,
    placeholderData: (old) => old,
  })
}

export function useFill(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: FillBody & { into: string }) => post<Job>(['fills'], { ...body, project }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.jobs }),
  })
}

export interface ProposalBody {
  labels?: string[]
  dataset?: string
  model: string
  n: number
  example?: string
}

export function usePropose() {
  return useMutation({
    mutationFn: async (body: ProposalBody) =>
      (await post<{ sentences: string[] }>(['fills', 'propose'], body)).sentences,
  })
}

/** The templates in a JSON, CSV or text file. */
export function useImportTemplates() {
  return useMutation({
    mutationFn: async (file: File) => {
      const form = new FormData()
      form.set('file', file)
      return (await upload<{ templates: SlotTemplate[] }>(['fills', 'import'], form)).templates
    },
  })
}
