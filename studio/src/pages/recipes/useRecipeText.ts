import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { checkRecipe } from '../../api/recipes'
import type { Json, RecipeCheck } from '../../api/types'
import { useDraft } from '../../parts/draft'
import { documentOf, type Path, type Values, withValue } from './recipeText'

export interface RecipeText {
  yaml: string
  /** The last document that could be read: while YAML is being typed it may be a step behind. */
  document: Values
  /** Whether the text can be read now. */
  readable: boolean
  /** What the server says of the text; of an older one while it is asked. */
  check: RecipeCheck | undefined
  /** Whether `check` is of the text as it is now. */
  checked: boolean
  checkError: unknown
  changed: boolean
  /** Whether somebody saved another text since this one was begun. */
  overtaken: boolean
  /** Another text; `over` is the saved one that it is meant to replace. */
  setYaml: (text: string, over?: string) => void
  set: (path: Path, value: Json | undefined) => void
  forget: () => void
}

/** A recipe being written: one text, that the form and the editor both change. */
export function useRecipeText(name: string, saved: string): RecipeText {
  const [draft, setDraft, forget] = useDraft<{ yaml: string; of: string }>(`recipe:${name}`, {
    yaml: saved,
    of: saved,
  })
  const yaml = draft.yaml
  const changed = yaml !== saved
  const of = changed ? draft.of : saved
  const last = useRef<Values>({})
  const document = useMemo(() => documentOf(yaml), [yaml])
  if (document) last.current = document
  const [settled] = useDebouncedValue(yaml, 350)
  const query = useQuery({
    queryKey: ['recipe-check', settled],
    queryFn: ({ signal }) => checkRecipe({ yaml: settled }, signal),
    enabled: settled.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  })
  return {
    yaml,
    document: last.current,
    readable: document !== null,
    check: query.data,
    checked: settled === yaml && !query.isPlaceholderData && query.data !== undefined,
    checkError: query.error,
    changed,
    overtaken: changed && draft.of !== saved,
    setYaml: (text, over = of) => setDraft({ yaml: text, of: over }),
    // what cannot be read cannot be changed in one place: the form rests meanwhile
    set: (path, value) => (document || !yaml.trim()) && setDraft({ yaml: withValue(yaml, path, value), of }),
    forget,
  }
}
