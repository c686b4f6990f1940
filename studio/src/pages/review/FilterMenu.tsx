import { Button, Checkbox, Popover, Select, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { RecordFilter, ReviewCounts, Sort } from '../../api/records'
import { count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'

interface Props {
  where: RecordFilter
  set: (change: RecordFilter) => void
  counts: ReviewCounts | null | undefined
  /** How many spans have which label. */
  spans: Record<string, number>
  /** Those that are shown elsewhere. */
  without?: readonly (keyof RecordFilter)[]
  /** What stands below them. */
  children?: ReactNode
}

const FIELDS: { name: keyof RecordFilter; title: string }[] = [
  { name: 'label', title: 'Label' },
  { name: 'tag', title: 'Tag' },
  { name: 'span', title: 'Marked words' },
  { name: 'model', title: 'Model' },
  { name: 'source', title: 'How it came to be' },
  { name: 'reason', title: 'Reason' },
  { name: 'person', title: 'Person' },
]

/** The other filters; each lists what there is and how often. */
export function FilterMenu({ where, set, counts, spans, without = [], children }: Props) {
  const [open, setOpen] = useState(false)
  const fields = FIELDS.filter(({ name }) => !without.includes(name))
  const chosen = fields.filter(({ name }) => where[name]).length + (where.overlapping ? 1 : 0)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-md"
          variant="default"
          rightSection={<Icon name="down" size={12} />}
          onClick={() => setOpen(!open)}
        >
          {chosen ? `Filters ${chosen}` : 'Filters'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters">
        <Stack gap="sm">
          {fields.map(({ name, title }) => (
            <Select
              key={name}
              label={title}
              size="xs"
              searchable
              openOnFocus={false}
              clearable
              placeholder="any"
              nothingFoundMessage="none"
              clearButtonProps={{ 'aria-label': `Any ${title.toLowerCase()}` }}
              comboboxProps={{ withinPortal: false }}
              data={options(name === 'span' ? spans : counts?.by[name], where[name])}
              value={(where[name] as string | undefined) ?? null}
              onChange={(value) => set({ [name]: value ?? undefined })}
            />
          ))}
          {(where.overlapping || Object.keys(spans).length > 0) && (
            <Checkbox
              size="xs"
              label="With spans that overlap"
              checked={where.overlapping === true}
              onChange={(event) => set({ overlapping: event.currentTarget.checked || undefined })}
            />
          )}
          {children}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** In which order records are listed. */
export function Order({ value, set }: { value: Sort; set: (sort: Sort) => void }) {
  return (
    <Select
      label="Order"
      size="xs"
      comboboxProps={{ withinPortal: false }}
      data={[
        { value: 'first', label: 'As they were made' },
        { value: 'last', label: 'The latest first' },
        { value: 'doubt', label: 'The most doubted label first' },
        { value: 'twins', label: 'Duplicates, group after group' },
      ]}
      value={value}
      onChange={(sort) => set(sort as Sort)}
    />
  )
}

function options(counts: Record<string, number> | undefined, now: unknown) {
  const found = Object.entries(counts ?? {}).filter(([value]) => value !== '')
  const data = found
    .sort((a, b) => b[1] - a[1])
    .slice(0, 500)
    .map(([value, number]) => ({ value, label: `${value} (${count(number)})` }))
  if (typeof now === 'string' && !data.some((one) => one.value === now)) data.push({ value: now, label: now })
  return data
}
