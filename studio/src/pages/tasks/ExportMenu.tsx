import { Button, Popover, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useFormats } from '../../api/choices'
import { type TaskFilter, tasksFile } from '../../api/tasks'
import { count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'

interface Props {
  where: TaskFilter
  datasets: string[]
  /** The ids of chosen tasks by their dataset; null for all that the filters show. */
  chosen: ReadonlyMap<string, string[]> | null
  /** Opens upwards, in a bar at the foot. */
  above?: boolean
}

/** More ids do not fit into an address. */
const MOST = 400

/** Tasks as a file in any format: all that the filters show, or the chosen ones; one dataset a file. */
export function ExportMenu({ where, datasets, chosen, above = false }: Props) {
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const [format, setFormat] = useState('csv')
  const [picked, setPicked] = useState<string | null>(null)
  const dataset = where.dataset ?? (picked && datasets.includes(picked) ? picked : datasets[0]) ?? ''
  const ids = chosen?.get(dataset) ?? []
  if (!datasets.length) return null
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position={above ? 'top-end' : 'bottom-end'}
      width={280}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          size={above ? 'compact-sm' : 'compact-md'}
          variant="default"
          leftSection={above ? undefined : <Icon name="download" size={14} />}
          onClick={() => setOpen(!open)}
        >
          Export
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Export">
        <Stack gap="sm">
          {datasets.length > 1 && !where.dataset && (
            <Select
              label="Dataset"
              size="xs"
              comboboxProps={{ withinPortal: false }}
              data={datasets}
              value={dataset}
              onChange={setPicked}
            />
          )}
          <Select
            label="Format"
            size="xs"
            searchable
            openOnFocus={false}
            comboboxProps={{ withinPortal: false }}
            data={(formats.data ?? [])
              .filter((one) => one.writes)
              .map((one) => ({ value: one.name, label: one.title }))}
            value={format}
            onChange={(value) => setFormat(value ?? 'csv')}
          />
          {ids.length > MOST ? (
            <div>
              {count(ids.length)} are too many to be named one by one. Choose all that match, with filters.
            </div>
          ) : (
            <Button
              component="a"
              download
              href={tasksFile(dataset, format, chosen ? {} : where, ids)}
              size="compact-md"
            >
              {chosen ? `Download ${count(ids.length)} chosen` : 'Download all that match'}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
