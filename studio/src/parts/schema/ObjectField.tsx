import { Box, Input } from '@mantine/core'
import type { ShapedProps } from './Field'
import { SchemaForm } from './SchemaForm'

/** A group of fields. */
export function ObjectField({
  shape,
  root,
  title,
  help,
  error,
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
      error={error}
      labelElement="div"
      required={required}
    >
      <Box mt={6} pl="sm" style={{ borderLeft: '2px solid var(--sb-line)' }}>
        <SchemaForm
          schema={shape.schema}
          root={root}
          words={words}
          value={given}
          onChange={(now) => onChange(Object.keys(now).length || required ? now : undefined)}
        />
      </Box>
    </Input.Wrapper>
  )
}
