import { useRecipeSchema } from '../../api/choices'
import { SchemaForm } from '../../parts/schema/SchemaForm'
import { problemsBelow } from './RecipeForm'
import type { RecipeText } from './useRecipeText'
import { words } from './words'

const SHOWN_ABOVE = ['name', 'generator', 'steps', 'checks', 'model', 'temperature', 'budget']

/** All that a recipe may say besides. */
export function MoreSection({ text }: { text: RecipeText }) {
  const { data } = useRecipeSchema()
  if (!data?.properties) return null
  return (
    <section aria-label="More settings" className="sb-recipe-more">
      <SchemaForm
        schema={{ ...data, required: [] }}
        value={text.document}
        words={words}
        omit={SHOWN_ABOVE}
        errors={problemsBelow(text, [])}
        onChange={(now) => {
          const names = [...new Set([...Object.keys(now), ...Object.keys(text.document)])]
          const field = names.find((name) => now[name] !== text.document[name])
          if (field) text.set([field], now[field])
        }}
      />
    </section>
  )
}
