import { Button, Popover, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useFormats } from '../../api/choices'
import { type TaskFilter, tasksFile } from '../../api/tasks'
import type { ReviewRecord } from '../../api/types'
import { count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'

interface Props {
  where: TaskFilter
  datasets: string[]
  chosen: ReviewRecord[]
}

/** Tasks as a file in any format: all that the filters show, or the chosen ones; one dataset a file. */
export function ExportMenu({ where, datasets, chosen }: Props) {
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const [format, setFormat] = useState('csv')
  const [picked, setPicked] = useState<string | null>(null)
  const dataset = where.dataset ?? picked ?? chosen[0]?.dataset ?? datasets[0] ?? ''
  const ids = chosen.filter((row) => row.dataset === dataset).map((row) => row.id)
  if (!datasets.length) return null
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={280} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<Icon name="download" size={14} />}
          onClick={() => setOpen(!open)}
        >
          Export
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Export">
        <Stack gap="sm">
          {!where.dataset && (
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
          {ids.length > 0 && (
            <Button component="a" download href={tasksFile(dataset, format, {}, ids)} size="compact-md">
              Download {count(ids.length)} chosen
            </Button>
          )}
          <Button
            component="a"
            download
            href={tasksFile(dataset, format, where, [])}
            size="compact-md"
            variant={ids.length ? 'default' : 'filled'}
          >
            Download all that match
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
