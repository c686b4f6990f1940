import { useQuery } from '@tanstack/react-query'
import { every, get } from './client'
import { keys } from './keys'
import type { Format, GeneratorPart, ModelChoice, Part, Provider, Schema, TransformPart } from './types'

const ONCE = Number.POSITIVE_INFINITY

/** Lists of what there is: short, and the same for as long as the server runs. */
function useChoice<T>(queryKey: readonly string[], path: string) {
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => every<T>([path], { signal }),
    staleTime: ONCE,
  })
}

export const useGenerators = () => useChoice<GeneratorPart>(keys.generators, 'generators')
export const useChecks = () => useChoice<Part>(keys.checks, 'checks')
export const useTransforms = () => useChoice<TransformPart>(keys.transforms, 'transforms')
export const useFormats = () => useChoice<Format>(keys.formats, 'formats')
export const useProviders = () => useChoice<Provider>(keys.providers, 'providers')

export function useRecipeSchema() {
  return useQuery({
    queryKey: keys.recipeSchema,
    queryFn: ({ signal }) => get<Schema>(['recipe-schema'], { signal }),
    staleTime: ONCE,
  })
}

/** What `model:` of a recipe may be in this project. */
export function useModels(project: string) {
  return useQuery({
    queryKey: keys.models(project),
    queryFn: ({ signal }) => every<ModelChoice>(['models'], { signal, query: { project } }),
  })
}
