import { Box, Input } from '@mantine/core'
import { ownOf } from './errors'
import type { ShapedProps } from './Field'
import { SchemaForm } from './SchemaForm'

/** A group of fields. */
export function ObjectField({
  shape,
  root,
  title,
  help,
  errors,
  required,
  value,
  onChange,
  words,
}: ShapedProps) {
  const given = value && typeof value === 'object' && !Array.isArray(value) ? value : {}
  return (
    <Input.Wrapper
      label={title}
      description={help || undefined}
      error={ownOf(errors, Object.keys(shape.schema.properties ?? {}))}
      labelElement="div"
      required={required}
    >
      <Box mt={6} pl="sm" style={{ borderLeft: '2px solid var(--sb-line)' }}>
        <SchemaForm
          schema={shape.schema}
          root={root}
          words={words}
          value={given}
          errors={errors}
          onChange={(now) => onChange(Object.keys(now).length || required ? now : undefined)}
        />
      </Box>
    </Input.Wrapper>
  )
}
