import { Box } from '@mantine/core'
import { useId, useMemo } from 'react'
import { useGenerators } from '../../api/choices'
import { usePrompts } from '../../api/templates'
import type { Json, Schema } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Fold } from '../../parts/Fold'
import { SchemaForm } from '../../parts/schema/SchemaForm'
import { helpOf } from '../../parts/schema/shape'
import { Shares, sharesOf } from '../../parts/schema/shares'
import { useProjectId } from '../../parts/where'
import { InnerGenerator } from './InnerGenerator'
import { firstOf, wordsOf } from './kinds'
import { LabelGrid } from './LabelGrid'
import { problemsBelow } from './RecipeForm'
import { at, type Path, type Values } from './recipeText'
import type { RecipeText } from './useRecipeText'
import { words } from './words'

/** Above the labels: what to write, and how many. */
const ABOVE = ['instruction', 'count']

interface Props {
  text: RecipeText
  path: Path
  /** It stands inside of another generator. */
  inner?: boolean
}

/** What is made: the fields of the generator, the labels as a grid of their own. */
export function MakingSection({ text, path, inner = false }: Props) {
  const id = useId()
  const generators = useGenerators()
  const named = usePrompts(useProjectId()).data?.map((one) => one.name)
  const saved = { template: { ...wordsOf('template').template, choices: named } }
  const settings = (at(text.document, path) ?? {}) as Values
  const kind = String(settings.kind ?? '')
  const { check } = text
  const shares = useMemo(() => sharesOf(check?.cells ?? [], check?.asked ?? 0), [check])
  return (
    <Shares value={shares}>
      <section aria-labelledby={id} className={inner ? 'rc-inner' : undefined}>
        <h2 id={id}>{generators.data?.find((one) => one.kind === kind)?.title ?? 'What is made'}</h2>
        <Answer query={generators}>
          {(all) => {
            const part = all.find((one) => one.kind === kind)
            if (!part)
              return <p className="sb-soft">Name the kind of generator in the YAML to see its form.</p>
            const grid = gridOf(part.schema.properties ?? {})
            const shown = withoutGrid(settings, grid)
            const form = {
              schema: part.schema,
              value: settings,
              words: { ...words, ...wordsOf(kind), ...(kind === 'template' ? saved : {}) },
              first: firstOf(kind),
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
                <SchemaForm
                  {...form}
                  value={shown}
                  omit={[
                    'kind',
                    'generator',
                    ...(grid ? [...ABOVE, 'labels'] : []),
                    ...(grid?.length === 1 ? [String(grid[0])] : []),
                  ]}
                  onChange={(now) => {
                    const field = changedField(shown, now)
                    if (field) text.set([...path, field], written(now, field, settings, grid))
                  }}
                />
                {'generator' in (part.schema.properties ?? {}) && (
                  <InnerGenerator text={text} path={[...path, 'generator']} />
                )}
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
    </Shares>
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

/** The settings without the weights that the grid of labels shows; those of other axes stay. */
function withoutGrid(settings: Values, grid: Path | null): Values {
  const [field = '', axis] = (grid ?? []).map(String)
  const all = settings[field]
  if (axis === undefined || !all || typeof all !== 'object' || Array.isArray(all)) return settings
  const { [axis]: _, ...others } = all
  const { [field]: __, ...rest } = settings
  return Object.keys(others).length ? { ...settings, [field]: others } : rest
}

/** A field as it is written: with the weights that the grid of labels shows, if it holds these as well. */
function written(now: Values, field: string, before: Values, grid: Path | null): Json | undefined {
  const [own, axis] = (grid ?? []).map(String)
  const weights = field === own && axis !== undefined ? at(before, [field, axis]) : undefined
  if (axis === undefined || weights === undefined) return now[field]
  return { [axis]: weights, ...((now[field] ?? {}) as Values) }
}

function changedField(before: Values, after: Values): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.find((name) => before[name] !== after[name])
}
