import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useSpanLabels } from '../../api/datasets'
import type { RecordFilter, ReviewCounts } from '../../api/records'
import type { TaskFilter } from '../../api/tasks'
import type { Work } from '../../api/types'
import { count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { FilterChips } from '../review/FilterChips'
import { FilterMenu } from '../review/FilterMenu'

interface Props {
  where: TaskFilter
  go: (to: TaskFilter) => void
  counts: ReviewCounts | undefined
  /** Those that have tasks, with how many. */
  datasets: Record<string, number>
  project: string
}

const TYPED_FOR = 200
const IN_BAR = ['tag', 'person'] as const

/** As records are filtered, and by dataset and state of the task. */
export function TaskBar({ where, go, counts, datasets, project }: Props) {
  const [typed, setTyped] = useState(where.q ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const spans = useSpanLabels(where.dataset ? [where.dataset] : Object.keys(datasets))
  const set = (change: Partial<TaskFilter>) => go({ ...where, ...change })
  const ofDataset = (dataset: string | null) =>
    go({ ...where, dataset: dataset ?? undefined, project: dataset ? undefined : project })
  return (
    <search className="rv-bar" aria-label="Filter tasks">
      <TextInput
        aria-label="Search tasks"
        placeholder="Search tasks"
        size="xs"
        w={180}
        leftSection={<Icon name="search" size={14} />}
        value={typed}
        onChange={(event) => {
          const q = event.currentTarget.value
          setTyped(q)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => set({ q: q.trim() || undefined }), TYPED_FOR)
        }}
      />
      <SegmentedControl
        size="xs"
        bg="var(--sb-side)"
        aria-label="State"
        value={where.work || 'all'}
        onChange={(work) => set({ work: work === 'all' ? undefined : (work as Work) })}
        data={[
          { value: 'all', label: 'All' },
          { value: 'todo', label: 'To do' },
          { value: 'doing', label: 'In progress' },
          { value: 'done', label: 'Done' },
        ]}
      />
      <Choice title="Dataset" value={where.dataset} values={datasets} set={ofDataset} />
      <Choice
        title="Tag"
        value={where.tag}
        values={counts?.by.tag}
        set={(tag) => set({ tag: tag ?? undefined })}
      />
      <Choice
        title="Person"
        value={where.person}
        values={counts?.by.person}
        set={(person) => set({ person: person ?? undefined })}
      />
      <Button
        size="compact-md"
        variant={where.duplicates ? 'light' : 'default'}
        aria-pressed={where.duplicates === true}
        onClick={() => set({ duplicates: where.duplicates ? undefined : true })}
      >
        Duplicates
      </Button>
      <FilterMenu where={where} set={set} counts={counts} spans={spans} without={IN_BAR} />
      <FilterChips where={others(where)} set={set} />
    </search>
  )
}

/** What is not in a field of its own. */
function others({ dataset: _dataset, project: _project, work: _work, ...where }: TaskFilter): RecordFilter {
  return { ...where, tag: undefined, person: undefined }
}

interface ChoiceProps {
  title: string
  value: string | undefined
  values: Record<string, number> | undefined
  set: (value: string | null) => void
}

/** One filter; hidden where there is nothing to choose. */
function Choice({ title, value, values = {}, set }: ChoiceProps) {
  const data = Object.entries(values)
    .filter(([name]) => name)
    .map(([name, number]) => ({ value: name, label: number ? `${name} (${count(number)})` : name }))
  if (value && !data.some((one) => one.value === value)) data.push({ value, label: value })
  if (!data.length) return null
  return (
    <Select
      aria-label={title}
      placeholder={title}
      size="xs"
      style={{ flex: '1 1 108px', maxWidth: 180 }}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Any ${title.toLowerCase()}` }}
      comboboxProps={{ width: 260, position: 'bottom-start' }}
      data={data}
      value={value ?? null}
      onChange={set}
    />
  )
}
