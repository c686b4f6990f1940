import { Box } from '@mantine/core'
import { useGenerators } from '../../api/choices'
import { Answer } from '../../parts/Answer'
import { SchemaForm } from '../../parts/schema/SchemaForm'
import { LabelGrid } from './LabelGrid'
import { problemsBelow } from './RecipeForm'
import { at, type Path, type Values } from './recipeText'
import type { RecipeText } from './useRecipeText'
import { words } from './words'

const FIRST = ['instruction', 'count', 'examples', 'prompt', 'template', 'values']

/** What is made: the fields of the generator, the labels as a grid of their own. */
export function MakingSection({ text, path }: { text: RecipeText; path: Path }) {
  const generators = useGenerators()
  const settings = (at(text.document, path) ?? {}) as Values
  const kind = String(settings.kind ?? '')
  return (
    <section aria-labelledby="making">
      <h2 id="making">{generators.data?.find((one) => one.kind === kind)?.title ?? 'What is made'}</h2>
      <Answer query={generators}>
        {(all) => {
          const part = all.find((one) => one.kind === kind)
          if (!part) return <p className="sb-soft">Name the kind of generator in the YAML to see its form.</p>
          const grid = gridOf(part.schema.properties ?? {})
          return (
            <>
              <p className="sb-soft" style={{ marginTop: 0 }}>
                {part.summary}{' '}
                {part.needs === 'stronger' && 'It needs a stronger model than the embedded one.'}
              </p>
              {grid && (
                <Box mb="md">
                  <LabelGrid text={text} path={path} weights={grid} />
                </Box>
              )}
              <SchemaForm
                schema={part.schema}
                value={settings}
                words={words}
                first={FIRST}
                omit={['kind', ...(grid ? ['labels', grid[0]] : [])].map(String)}
                errors={problemsBelow(text, path)}
                onChange={(now) => {
                  const field = changedField(settings, now)
                  if (field) text.set([...path, field], now[field])
                }}
              />
            </>
          )
        }}
      </Answer>
    </section>
  )
}

/** Where the weights of the labels are kept, if this generator has labels with descriptions. */
function gridOf(properties: Record<string, unknown>): Path | null {
  if (!('labels' in properties)) return null
  if ('mentions' in properties) return ['mentions']
  return 'ratios' in properties ? ['ratios', 'label'] : null
}

function changedField(before: Values, after: Values): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.find((name) => before[name] !== after[name])
}
