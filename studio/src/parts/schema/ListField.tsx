import { Box, Button, Group, Input, Stack } from '@mantine/core'
import type { Json } from '../../api/types'
import { Icon } from '../Icon'
import { useFocusNew } from '../useFocusNew'
import { ownOf, within } from './errors'
import { Field, type ShapedProps } from './Field'
import { blank, shapeOf } from './shape'

/** A list of groups of fields, one below the other. */
export function ListField({
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
  const items = Array.isArray(value) ? value : []
  const [list, grows] = useFocusNew(items.length)
  const schema = typeof shape.schema.items === 'object' ? shape.schema.items : {}
  const set = (now: Json[]) => onChange(now.length || required ? now : undefined)
  return (
    <Input.Wrapper
      label={title}
      description={help || undefined}
      error={ownOf(
        errors,
        items.map((_, place) => String(place)),
      )}
      labelElement="div"
      required={required}
    >
      <Stack gap="sm" mt={6} ref={list}>
        {items.map((item, place) => (
          <Box key={place} p="sm" className="sb-panel">
            <Field
              name={`${place + 1}`}
              schema={{ ...schema, description: '' }}
              root={root}
              words={words}
              value={item}
              errors={within(errors, String(place))}
              required
              onChange={(now) => set(items.map((old, at) => (at === place ? (now ?? null) : old)))}
            />
            <Group justify="flex-end" mt={6}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${title}: take away ${place + 1}`}
                onClick={() => set(items.filter((_, at) => at !== place))}
              >
                Take away
              </Button>
            </Group>
          </Box>
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="plus" size={12} />}
            onClick={() => {
              grows()
              set([...items, blank(shapeOf(schema, root))])
            }}
          >
            Add one
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  )
}
