import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { every, get, post, put, remove } from './client'
import { keys } from './keys'
import type { Recipe, RecipeBody, RecipeCheck } from './types'

export function useRecipes(project: string) {
  return useQuery({
    queryKey: keys.recipesOf(project),
    queryFn: ({ signal }) => every<Recipe>(['recipes'], { signal, query: { project } }),
  })
}

export function useRecipe(name: string | null) {
  return useQuery({
    queryKey: keys.recipe(name ?? ''),
    queryFn: ({ signal }) => get<Recipe>(['recipes', name ?? ''], { signal }),
    enabled: name !== null,
  })
}

/** Keeps a recipe: the one given with its version, or a new one. */
export function useSaveRecipe(old: Recipe | null, project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ yaml, name }: { yaml: string; name: string }) =>
      old
        ? put<Recipe>(['recipes', old.name], { yaml }, { version: old.version })
        : post<Recipe>(['recipes'], { yaml, name, project }),
    onSuccess: (recipe) => {
      queries.setQueryData(keys.recipe(recipe.name), recipe)
      void queries.invalidateQueries({ queryKey: keys.recipes })
    },
  })
}

export function useDeleteRecipe() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (recipe: Recipe) => remove(['recipes', recipe.name], { version: recipe.version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.recipes }),
  })
}

export function checkRecipe(body: RecipeBody, signal?: AbortSignal): Promise<RecipeCheck> {
  return post<RecipeCheck>(['recipes', 'check'], body, { signal })
}
