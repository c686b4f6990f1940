import { Select, Switch, Textarea, TextInput } from '@mantine/core'
import type { Json, Schema } from '../../api/types'
import { NumberField } from '../NumberField'
import { TagsField } from '../TagsField'
import { type Errors, ownOf } from './errors'
import { FieldsMap } from './FieldsMap'
import { JsonField } from './JsonField'
import { ListField } from './ListField'
import { MapField } from './MapField'
import { ObjectField } from './ObjectField'
import { type Shape, shapeOf } from './shape'
import { UnionField } from './UnionField'
import { type Beside, type WordsOf, wordsFor } from './words'

export interface FieldProps {
  name: string
  schema: Schema
  root: Schema
  value: Json | undefined
  /** `undefined`: the field is taken away, its default counts. */
  onChange: (value: Json | undefined) => void
  words?: WordsOf
  errors?: Errors
  required?: boolean
  beside?: Beside
}

export interface ShapedProps extends FieldProps {
  /** All that is wrong here, for a field that has no parts. */
  error?: string
  shape: Shape
  title: string
  help: string
}

/** One field of a form, as its schema says. */
export function Field(props: FieldProps) {
  const shape = shapeOf(props.schema, props.root)
  const { title, help } = wordsFor(props.name, shape.schema, props.words)
  const shaped = { ...props, shape, title, help, error: ownOf(props.errors) }
  switch (shape.kind) {
    case 'text':
      return <TextField {...shaped} />
    case 'number':
      return <FigureField {...shaped} />
    case 'switch':
      return <SwitchField {...shaped} />
    case 'choice':
      return <ChoiceField {...shaped} />
    case 'texts':
      return <TextsField {...shaped} />
    case 'map of texts':
    case 'map of numbers':
    case 'map of lists':
      return <MapField {...shaped} />
    case 'map of fields':
      return <FieldsMap {...shaped} />
    case 'list':
      return <ListField {...shaped} />
    case 'object':
      return <ObjectField {...shaped} />
    case 'union':
      return <UnionField {...shaped} />
    case 'json':
      return <JsonField {...shaped} />
  }
}

/** What all single inputs are given. */
function common({ title, help, error, required }: ShapedProps) {
  return { label: title, description: help || undefined, error, withAsterisk: required }
}

function TextField(props: ShapedProps) {
  const { long, sample, choices } = wordsFor(props.name, props.shape.schema, props.words)
  const text = typeof props.value === 'string' ? props.value : ''
  const given = typeof props.shape.schema.default === 'string' ? props.shape.schema.default : ''
  const shared = {
    ...common(props),
    value: text,
    placeholder: sample || given || undefined,
    onChange: (event: { currentTarget: { value: string } }) =>
      props.onChange(event.currentTarget.value || (props.required ? '' : undefined)),
  }
  if (choices.length) {
    return (
      <Select
        {...common(props)}
        styles={{ wrapper: { maxWidth: 320 } }}
        searchable
        clearable
        placeholder={sample || undefined}
        data={[...new Set([...choices, ...(text ? [text] : [])])]}
        value={text || null}
        onChange={(now) => props.onChange(now ?? undefined)}
      />
    )
  }
  if (long || text.includes('\n')) return <Textarea {...shared} autosize minRows={3} maxRows={16} />
  return <TextInput {...shared} />
}

function FigureField(props: ShapedProps) {
  const { schema } = props.shape
  const whole = schema.type === 'integer'
  return (
    <NumberField
      {...common(props)}
      styles={{ wrapper: { maxWidth: 240 } }}
      value={typeof props.value === 'number' ? props.value : undefined}
      placeholder={typeof schema.default === 'number' ? String(schema.default) : undefined}
      min={schema.minimum ?? schema.exclusiveMinimum}
      max={schema.maximum ?? schema.exclusiveMaximum}
      step={whole ? 1 : 0.1}
      allowDecimal={!whole}
      thousandSeparator=","
      onChange={props.onChange}
    />
  )
}

function SwitchField(props: ShapedProps) {
  const given = props.value ?? props.shape.schema.default ?? false
  return (
    <Switch
      label={props.title}
      description={props.help || undefined}
      error={props.error}
      checked={given === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  )
}

function ChoiceField(props: ShapedProps) {
  const { choices, schema } = props.shape
  const given = props.value ?? schema.default
  return (
    <Select
      {...common(props)}
      maw={320}
      data={choices
        .filter((one) => one !== null)
        .map((one) => ({ value: String(one), label: String(one).replaceAll('_', ' ') }))}
      value={given === undefined || given === null ? null : String(given)}
      clearable={!props.required}
      onChange={(now) => props.onChange(choices.find((one) => String(one) === now))}
    />
  )
}

function TextsField(props: ShapedProps) {
  const given = props.value ?? []
  const texts = (Array.isArray(given) ? given : [given]).map(String) // one may stand there without a list
  const choices = typeof props.shape.schema.items === 'object' ? (props.shape.schema.items.enum ?? []) : []
  const long = texts.some((one) => one.length > 40 || one.includes(','))
  if (long || props.name === 'examples') {
    return (
      <Textarea
        {...common(props)}
        description={[props.help, 'One a line.'].filter(Boolean).join(' ')}
        autosize
        minRows={3}
        maxRows={14}
        value={texts.join('\n')}
        onChange={(event) => {
          const lines = event.currentTarget.value.split('\n')
          props.onChange(lines.some(Boolean) ? lines : undefined)
        }}
      />
    )
  }
  return (
    <TagsField
      {...common(props)}
      data={choices.map(String)}
      value={texts}
      placeholder={texts.length ? undefined : 'Type one, press Enter'}
      onChange={(now) => props.onChange(now.length || props.required ? now : undefined)}
    />
  )
}
