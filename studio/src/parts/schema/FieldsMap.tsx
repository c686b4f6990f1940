import { ActionIcon, Box, Button, Group, Input, Stack } from '@mantine/core'
import type { Json } from '../../api/types'
import { Icon } from '../Icon'
import { NameInput, othersThan } from '../NameInput'
import { useFocusNew } from '../useFocusNew'
import { ofRows, within } from './errors'
import { Field, type ShapedProps } from './Field'
import { blank, resolve, shapeOf } from './shape'
import { below } from './words'

type Row = [string, Json]

/** Names, each with fields of its own: axes with their values, models with their prices. */
export function FieldsMap({
  shape,
  root,
  title,
  help,
  errors,
  required,
  value,
  onChange,
  words,
  beside: said,
}: ShapedProps) {
  const rows: Row[] = value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : []
  const names = rows.map(([name]) => name)
  const wrong = ofRows(errors, names)
  const [list, grows] = useFocusNew(rows.length)
  const given = shape.schema.additionalProperties
  const schema = typeof given === 'object' ? resolve(given, root) : {}
  const set = (now: Row[]) => onChange(now.length || required ? Object.fromEntries(now) : undefined)
  const change = (place: number, row: Row) => set(rows.map((old, at) => (at === place ? row : old)))
  return (
    <Input.Wrapper
      label={title}
      description={help || undefined}
      error={wrong.own}
      labelElement="div"
      required={required}
    >
      <Stack gap="sm" mt={6} ref={list}>
        {rows.map(([name, beside], place) => (
          <Box key={place} className="sb-panel" p="sm">
            <Group gap={6} mb={6} wrap="nowrap">
              <NameInput
                aria-label={`${title}: name ${place + 1}`}
                placeholder="name"
                style={{ flex: 1 }}
                name={name}
                error={name ? undefined : wrong.nameless}
                others={othersThan(names, place)}
                onName={(now) => change(place, [now, beside])}
              />
              <ActionIcon
                size={34}
                aria-label={`Take away ${name || `row ${place + 1}`}`}
                onClick={() => set(rows.filter((_, at) => at !== place))}
              >
                <Icon name="close" size={13} />
              </ActionIcon>
            </Group>
            <Field
              name={name || `${place + 1}`}
              schema={{ ...schema, description: '' }}
              root={root}
              words={words}
              beside={below(said, name)}
              errors={name ? within(errors, name) : undefined}
              value={beside}
              required
              onChange={(now) => change(place, [name, now ?? null])}
            />
          </Box>
        ))}
        {!names.includes('') && (
          <Group>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="plus" size={12} />}
              onClick={() => {
                grows()
                set([...rows, ['', blank(shapeOf(schema, root))]])
              }}
            >
              Add one
            </Button>
          </Group>
        )}
      </Stack>
    </Input.Wrapper>
  )
}
