import { SegmentedControl, Select, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { ReviewCounts } from '../../api/records'
import type { TaskFilter } from '../../api/tasks'
import type { Work } from '../../api/types'
import { count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'

interface Props {
  where: TaskFilter
  go: (to: TaskFilter) => void
  counts: ReviewCounts | undefined
  datasets: string[]
  project: string
}

const TYPED_FOR = 200

/** By dataset, state, tag, person, source and words. */
export function TaskBar({ where, go, counts, datasets, project }: Props) {
  const [typed, setTyped] = useState(where.q ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
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
      <Choice
        title="Dataset"
        value={where.dataset}
        values={Object.fromEntries(datasets.map((one) => [one, 0]))}
        set={ofDataset}
      />
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
      <Choice
        title="Source"
        value={where.source}
        values={counts?.by.source}
        set={(source) => set({ source: source ?? undefined })}
      />
      <Choice
        title="Label"
        value={where.label}
        values={counts?.by.label}
        set={(label) => set({ label: label ?? undefined })}
      />
    </search>
  )
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
      data={data}
      value={value ?? null}
      onChange={set}
    />
  )
}
