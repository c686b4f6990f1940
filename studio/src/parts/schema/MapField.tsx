import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core'
import type { Json } from '../../api/types'
import { Icon } from '../Icon'
import { NameInput, othersThan } from '../NameInput'
import { NumberField } from '../NumberField'
import { TagsField } from '../TagsField'
import { useFocusNew } from '../useFocusNew'
import { ofRows, ownOf, within } from './errors'
import type { ShapedProps } from './Field'
import type { ShapeKind } from './shape'

type Row = [string, Json]

/** Names, each with a text, a number or a list beside it. The order is kept; a name may be empty while it is typed. */
export function MapField({
  shape,
  title,
  help,
  errors,
  required,
  value,
  onChange,
  beside: said,
}: ShapedProps) {
  const rows = rowsOf(value, shape.kind)
  const set = (now: Row[]) => onChange(now.length || required ? Object.fromEntries(now) : undefined)
  const change = (place: number, row: Row) => set(rows.map((old, at) => (at === place ? row : old)))
  const names = rows.map(([name]) => name)
  const wrong = ofRows(errors, names)
  const free = !names.includes('')
  const [list, grows] = useFocusNew(rows.length)
  return (
    <Input.Wrapper
      label={title}
      description={help || undefined}
      error={wrong.own}
      labelElement="div"
      required={required}
    >
      <Stack gap={6} mt={4} ref={list}>
        {rows.map(([name, beside], place) => (
          <Group key={place} gap={6} wrap="nowrap" align="flex-start">
            <NameInput
              aria-label={`${title}: name ${place + 1}`}
              placeholder="name"
              w={160}
              name={name}
              error={name ? undefined : wrong.nameless}
              others={othersThan(names, place)}
              onName={(now) => change(place, [now, beside])}
            />
            <Beside
              kind={shape.kind}
              label={`${title}: ${name || `row ${place + 1}`}`}
              value={beside}
              error={name ? ownOf(within(errors, name)) : undefined}
              onChange={(now) => change(place, [name, now])}
            />
            {typeof said?.[name] === 'string' && (
              <span className="sb-figures" style={{ whiteSpace: 'nowrap', lineHeight: '34px' }}>
                {said[name]}
              </span>
            )}
            <ActionIcon
              size={34}
              aria-label={`Take away ${name || `row ${place + 1}`}`}
              onClick={() => set(rows.filter((_, at) => at !== place))}
            >
              <Icon name="close" size={13} />
            </ActionIcon>
          </Group>
        ))}
        {free && (
          <Group>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="plus" size={12} />}
              onClick={() => {
                grows()
                set([...rows, ['', fresh(shape.kind)]])
              }}
            >
              Add a row
            </Button>
          </Group>
        )}
      </Stack>
    </Input.Wrapper>
  )
}

interface BesideProps {
  error: string | undefined
  kind: ShapeKind
  label: string
  value: Json
  onChange: (value: Json) => void
}

function Beside({ kind, label, error, value, onChange }: BesideProps) {
  if (kind === 'map of numbers') {
    return (
      <NumberField
        aria-label={label}
        error={error}
        w={120}
        min={0}
        value={typeof value === 'number' ? value : undefined}
        onChange={(now) => onChange(now ?? null)}
      />
    )
  }
  if (kind === 'map of lists') {
    const list = (Array.isArray(value) ? value : value === '' ? [] : [value]).map(String) // one may stand there alone
    return (
      <TagsField
        aria-label={label}
        error={error}
        style={{ flex: 1 }}
        value={list}
        placeholder={list.length ? undefined : 'Type one, press Enter'}
        onChange={onChange}
      />
    )
  }
  return (
    <TextInput
      aria-label={label}
      error={error}
      placeholder="what it means"
      style={{ flex: 1 }}
      value={typeof value === 'string' ? value : value === null ? '' : String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** A plain list of names stands for names without anything beside them; weights are all the same then. */
function rowsOf(value: Json | undefined, kind: ShapeKind): Row[] {
  if (Array.isArray(value)) return value.map((name) => [String(name), fresh(kind)])
  return value && typeof value === 'object' ? Object.entries(value) : []
}

function fresh(kind: ShapeKind): Json {
  if (kind === 'map of numbers') return 1
  return kind === 'map of lists' ? [] : ''
}
