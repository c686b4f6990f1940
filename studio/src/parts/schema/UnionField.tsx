import { Select, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Json, Schema } from '../../api/types'
import { ownOf } from './errors'
import { Field, type ShapedProps } from './Field'
import { blank, shapeOf, titleOf } from './shape'

/** A field that may be one of several things: which, and then that. */
export function UnionField(props: ShapedProps) {
  const { shape, root, title, help, errors = {}, required, value, onChange } = props
  const [chosen, setChosen] = useState<number | null>(null)
  const fits = shape.options.findIndex((one) => matches(one, value))
  const at = value === undefined || value === null ? -1 : (chosen ?? fits)
  const option = shape.options[at]
  return (
    <Stack gap={6}>
      <Select
        label={title}
        description={help || undefined}
        error={option ? errors[''] : ownOf(errors)}
        withAsterisk={required}
        maw={320}
        clearable={!required}
        placeholder="not set"
        data={shape.options.map((one, place) => ({ value: String(place), label: nameOf(one, place) }))}
        value={at < 0 ? null : String(at)}
        onChange={(now) => {
          const one = now === null ? undefined : shape.options[Number(now)]
          setChosen(now === null ? null : Number(now))
          onChange(one && blank(shapeOf(one, root)))
        }}
      />
      {option && (
        <Field
          {...props}
          schema={{ ...option, description: '' }}
          name={nameOf(option, at)}
          required
          errors={Object.fromEntries(Object.entries(errors).filter(([path]) => path))}
        />
      )}
    </Stack>
  )
}

function nameOf(option: Schema, place: number): string {
  const kind = option.properties?.kind?.const
  if (typeof kind === 'string') return titleOf(kind)
  if (option.title) return titleOf(option.title)
  const names: Record<string, string> = {
    string: 'A text',
    number: 'A number',
    integer: 'A number',
    boolean: 'Yes or no',
    array: 'A list',
    object: 'Names with values',
  }
  return (typeof option.type === 'string' && names[option.type]) || `Way ${place + 1}`
}

function matches(option: Schema, value: Json | undefined): boolean {
  const types: Record<string, boolean> = {
    string: typeof value === 'string',
    number: typeof value === 'number',
    integer: typeof value === 'number',
    boolean: typeof value === 'boolean',
    array: Array.isArray(value),
    object: typeof value === 'object' && value !== null && !Array.isArray(value),
  }
  if (typeof option.type === 'string' && !types[option.type]) return false
  const kind = option.properties?.kind?.const
  if (kind === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return true
  return value.kind === kind
}
