import { Stack } from '@mantine/core'
import type { Json, Schema } from '../../api/types'
import { Fold } from '../Fold'
import { type Errors, ownOf, within } from './errors'
import { Field } from './Field'
import { type Beside, below, type WordsOf } from './words'

export interface FormProps {
  schema: Schema
  value: Record<string, Json>
  onChange: (value: Record<string, Json>) => void
  /** The page's own titles and help, by the field's name. */
  words?: WordsOf
  /** Fields that the page shows in its own way, or not at all. */
  omit?: string[]
  /** Shown first, in this order, whether or not they must be filled in. */
  first?: string[]
  /** Whether "More settings" begins unfolded. */
  unfolded?: boolean
  /** What is wrong, by the path of the field. */
  errors?: Errors
  /** What is said beside rows, by the field's name. */
  beside?: Beside
  /** Where the definitions of `$ref` are; the schema itself if not given. */
  root?: Schema
}

/** A form made from a JSON Schema: what is needed first, the rest folded away as "More settings". */
export function SchemaForm(props: FormProps) {
  const { schema, value, omit = [], first = [], errors = {}, unfolded = false } = props
  const names = Object.keys(schema.properties ?? {}).filter((name) => !omit.includes(name))
  const needed = schema.required ?? []
  const wanted = [...new Set([...first, ...needed])]
  const shown = wanted.filter((name) => names.includes(name))
  const main = shown.length || names.length > 5 ? shown : names
  const rest = names.filter((name) => !main.includes(name))
  const filled = rest.filter((name) => value[name] !== undefined).length
  return (
    <Stack gap="md">
      {main.map((name) => (
        <SchemaField key={name} name={name} {...props} />
      ))}
      {rest.length > 0 && (
        <Fold
          title="More settings"
          note={filled ? `${filled} set` : undefined}
          open={unfolded || rest.some((name) => ownOf(within(errors, name)) !== undefined)}
        >
          <Stack gap="md">
            {rest.map((name) => (
              <SchemaField key={name} name={name} {...props} />
            ))}
          </Stack>
        </Fold>
      )}
    </Stack>
  )
}

function SchemaField({ name, ...props }: FormProps & { name: string }) {
  const { schema, value, onChange, words, errors = {}, root = schema, beside } = props
  const field = schema.properties?.[name]
  if (!field) return null
  return (
    <Field
      name={name}
      schema={field}
      root={root}
      words={words}
      errors={within(errors, name)}
      beside={below(beside, name)}
      required={(schema.required ?? []).includes(name)}
      value={value[name]}
      onChange={(now) => onChange(without(value, name, now))}
    />
  )
}

/** The value with one field changed; `undefined` takes the field away. */
function without(value: Record<string, Json>, name: string, now: Json | undefined): Record<string, Json> {
  if (now !== undefined) return { ...value, [name]: now }
  const { [name]: _, ...rest } = value
  return rest
}
