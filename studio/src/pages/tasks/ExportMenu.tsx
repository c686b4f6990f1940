import { Button, Popover, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useFormats } from '../../api/choices'
import { type TaskFilter, tasksFile } from '../../api/tasks'
import { count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { SMALL, useOneLayer } from '../../parts/OneLayer'
import { inProject, useProjectId } from '../../parts/where'
import { writtenTasks } from './taskFilter'

interface Props {
  where: TaskFilter
  /** The ids of chosen tasks; null for all that the filters show. */
  chosen: readonly string[] | null
  /** How many datasets they are of. */
  datasets: number
  /** Opens upwards, in a bar at the foot. */
  above?: boolean
}

/** More ids do not fit into an address. */
const MOST = 400

/** Tasks as a file in any format: all that the filters show, or the chosen ones, of whichever dataset. */
export function ExportMenu({ where, datasets, chosen, above = false }: Props) {
  const project = useProjectId()
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const [format, setFormat] = useState('csv')
  const ids = chosen ?? []
  const scope = where.dataset ? { dataset: where.dataset } : { project: where.project }
  const wanted = chosen ? scope : where
  const see = where.overlapping ? null : (
    <Link
      style={SMALL}
      to={inProject(project, 'tasks') + writtenTasks({ ...where, overlapping: true })}
      onClick={() => setOpen(false)}
    >
      See them in the list
    </Link>
  )
  const layer = useOneLayer({ of: 'tasks', where: wanted, ids }, format, see, open && ids.length <= MOST)
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
          {datasets > 1 && (
            <div className="sb-meta">
              Of {count(datasets)} datasets: the file has the columns of all, and <code>dataset</code> says
              which one a task is of.
            </div>
          )}
          {layer.ask}
          {ids.length > MOST ? (
            <div>
              {count(ids.length)} are too many to be named one by one. Choose all that match, with filters.
            </div>
          ) : (
            <Button
              component="a"
              download
              loading={layer.looking}
              href={tasksFile(format, wanted, ids, layer.overlaps)}
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
