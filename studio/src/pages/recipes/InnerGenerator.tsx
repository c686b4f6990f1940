import { Select } from '@mantine/core'
import { useGenerators } from '../../api/choices'
import { MakingSection } from './MakingSection'
import { at, documentOf, type Path } from './recipeText'
import type { RecipeText } from './useRecipeText'

/** The generator whose texts another one makes in several languages. */
export function InnerGenerator({ text, path }: { text: RecipeText; path: Path }) {
  const all = (useGenerators().data ?? []).filter((one) => !('generator' in (one.schema.properties ?? {})))
  const kind = at(text.document, [...path, 'kind'])
  return (
    <>
      <Select
        label="What is made in each language"
        withAsterisk
        maw={320}
        mt="md"
        data={all.map((one) => ({ value: one.kind, label: one.title }))}
        value={typeof kind === 'string' ? kind : null}
        onChange={(now) => {
          const example = documentOf(all.find((one) => one.kind === now)?.example ?? '')
          if (now && now !== kind) text.set(path, at(example ?? {}, ['generator']) ?? { kind: now, count: 8 })
        }}
      />
      <MakingSection text={text} path={path} inner />
    </>
  )
}
