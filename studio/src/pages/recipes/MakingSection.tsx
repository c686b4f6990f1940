import { Box } from '@mantine/core'
import { useGenerators } from '../../api/choices'
import type { Schema } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Fold } from '../../parts/Fold'
import { SchemaForm } from '../../parts/schema/SchemaForm'
import { helpOf } from '../../parts/schema/shape'
import { LabelGrid } from './LabelGrid'
import { problemsBelow } from './RecipeForm'
import { at, type Path, type Values } from './recipeText'
import type { RecipeText } from './useRecipeText'
import { words } from './words'

/** Above the labels: what to write, and how many. */
const ABOVE = ['instruction', 'count']
const FIRST = ['examples', 'values']
/** A template's text is named or written. */
const FIRST_OF_TEMPLATE = ['template', 'prompt', 'values']

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
          const form = {
            schema: part.schema,
            value: settings,
            words,
            first: kind === 'template' ? FIRST_OF_TEMPLATE : FIRST,
            errors: problemsBelow(text, path),
            onChange: (now: Values) => {
              const field = changedField(settings, now)
              if (field) text.set([...path, field], now[field])
            },
          }
          return (
            <>
              <p className="sb-soft" style={{ marginTop: 0 }}>
                {part.summary}{' '}
                {part.needs === 'stronger' && 'It needs a stronger model than the embedded one.'}
              </p>
              {grid && (
                <>
                  <SchemaForm
                    {...form}
                    schema={only(part.schema, ABOVE)}
                    first={ABOVE.filter((name) => name in (part.schema.properties ?? {}))}
                  />
                  <Box my="md">
                    <LabelGrid text={text} path={path} weights={grid} />
                  </Box>
                </>
              )}
              <SchemaForm {...form} omit={['kind', ...(grid ? [...ABOVE, 'labels', String(grid[0])] : [])]} />
              {part.schema.description && (
                <Box mt="md">
                  <Fold title="What the settings mean">
                    <p style={{ margin: 0 }}>{helpOf(part.schema)}</p>
                  </Fold>
                </Box>
              )}
            </>
          )
        }}
      </Answer>
    </section>
  )
}

function only(schema: Schema, names: string[]): Schema {
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => names.includes(name))
  return { ...schema, properties: Object.fromEntries(properties) }
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
