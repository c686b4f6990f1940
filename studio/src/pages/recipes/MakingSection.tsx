import { Box, Input } from '@mantine/core'
import { useId } from 'react'
import { useGenerators } from '../../api/choices'
import { usePrompts } from '../../api/templates'
import type { Json, Schema } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Fold } from '../../parts/Fold'
import { SchemaForm } from '../../parts/schema/SchemaForm'
import { helpOf } from '../../parts/schema/shape'
import { useProjectId } from '../../parts/where'
import { InnerGenerator } from './InnerGenerator'
import { firstOf, idleOf, wordsOf } from './kinds'
import { LabelGrid } from './LabelGrid'
import { problemsBelow } from './RecipeForm'
import { at, type Path, type Values } from './recipeText'
import { besideOf, isJoined, wantedAt } from './shares'
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
  return (
    <section aria-labelledby={id} className={inner ? 'rc-inner' : undefined}>
      <h2 id={id}>{generators.data?.find((one) => one.kind === kind)?.title ?? 'What is made'}</h2>
      <Answer query={generators}>
        {(all) => {
          const part = all.find((one) => one.kind === kind)
          if (!part) return <p className="sb-soft">Name the kind of generator in the YAML to see its form.</p>
          const errors = problemsBelow(text, path)
          const idle = idleOf(kind).filter((name) => settings[name] === undefined)
          const grid = gridOf(part.schema.properties ?? {})
          const shown = withoutGrid(settings, grid)
          const form = {
            schema: part.schema,
            value: settings,
            words: { ...words, ...wordsOf(kind), ...(kind === 'template' ? saved : {}) },
            first: firstOf(kind),
            errors,
            beside: besideOf(kind, settings, wantedAt(text.document, path)),
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
              {errors[''] && <Input.Error mb="md">{errors['']}</Input.Error>}
              {grid && (
                <>
                  <SchemaForm {...form} schema={only(part.schema, ABOVE)} first={ABOVE} omit={idle} />
                  <Box my="md">
                    <LabelGrid
                      text={text}
                      path={path}
                      weights={grid}
                      required={(part.schema.required ?? []).includes('labels')}
                    />
                  </Box>
                </>
              )}
              <SchemaForm
                {...form}
                omit={[
                  'kind',
                  'generator',
                  ...idle,
                  ...(grid ? [...ABOVE, 'labels'] : []),
                  ...(isJoined(settings) ? [] : ['mentions']),
                ]}
                value={shown}
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

/** The settings without the ratios that the grid of labels shows; those of other axes stay. */
function withoutGrid(settings: Values, grid: Path | null): Values {
  const [field = '', axis] = (grid ?? []).map(String)
  const all = settings[field]
  if (axis === undefined || !all || typeof all !== 'object' || Array.isArray(all)) return settings
  const { [axis]: _, ...others } = all
  const { [field]: __, ...rest } = settings
  return Object.keys(others).length ? { ...settings, [field]: others } : rest
}

/** A field as it is written: with the ratios that the grid of labels shows, if it holds these as well. */
function written(now: Values, field: string, before: Values, grid: Path | null): Json | undefined {
  const [own, axis] = (grid ?? []).map(String)
  const ratios = field === own && axis !== undefined ? at(before, [field, axis]) : undefined
  if (axis === undefined || ratios === undefined) return now[field]
  return { [axis]: ratios, ...((now[field] ?? {}) as Values) }
}

function changedField(before: Values, after: Values): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.find((name) => before[name] !== after[name])
}
