import { Button, Group, NumberInput, RangeSlider, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { splitDataset } from '../../api/datasets'
import type { DatasetDetail, Job } from '../../api/types'
import { ErrorNote } from '../../parts/ErrorNote'
import { apportion, count, counted } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { inProject } from '../../parts/where'
import { JobLine } from './JobLine'

const PARTS = ['train', 'validation', 'test']

/** Shares a dataset out into two or three others. */
export function SplitForm({ dataset, project }: { dataset: DatasetDetail; project: string }) {
  const [cuts, setCuts] = useState<[number, number]>([80, 90])
  const [by, setBy] = useState(dataset.label_column ?? '')
  const [seed, setSeed] = useState<number | string>(0)
  const [job, setJob] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const percents = [cuts[0], cuts[1] - cuts[0], 100 - cuts[1]]
  const counts = apportion(dataset.records - dataset.declined, percents)
  const start = async () => {
    setError(null)
    const shares = Object.fromEntries(
      PARTS.map((part, at) => [part, (percents[at] ?? 0) / 100]).filter(([, one]) => one),
    )
    try {
      setJob((await splitDataset(dataset.name, { shares, by: by || undefined, seed: Number(seed) || 0 })).id)
    } catch (problem) {
      setError(problem)
    }
  }
  return (
    <Stack gap="md" maw={560}>
      <div>
        <RangeSlider
          aria-label="Shares of train, validation and test"
          thumbFromLabel="Train ends at"
          thumbToLabel="Validation ends at"
          min={1}
          max={100}
          step={1}
          minRange={0}
          label={null}
          value={cuts}
          onChange={setCuts}
        />
        <Group justify="space-between" mt={8}>
          {PARTS.map((part, at) => (
            <span key={part}>
              {part} {percents[at]} % <span className="sb-meta">about {count(counts[at] ?? 0)}</span>
            </span>
          ))}
        </Group>
      </div>
      <Group align="flex-end" gap="sm">
        <Select
          label="Keep the shares of"
          w={220}
          data={[
            { value: '', label: 'nothing' },
            ...Object.keys(dataset.counts).map((one) => ({ value: one, label: one })),
          ]}
          value={by}
          onChange={(value) => setBy(value ?? '')}
        />
        <NumberInput label="Seed" w={110} min={0} value={seed} onChange={setSeed} />
        <Button variant="default" onClick={() => void start()}>
          Split
        </Button>
      </Group>
      <ErrorNote error={error} />
      {job && <JobLine id={job} result={(done) => <Parts job={done} project={project} />} />}
    </Stack>
  )
}

function Parts({ job, project }: { job: Job; project: string }) {
  const parts = Object.entries((job.result?.datasets ?? {}) as Record<string, number>)
  return (
    <>
      {parts.map(([name, records], at) => (
        <span key={name}>
          {at > 0 && ' · '}
          <Link to={inProject(project, 'datasets', name)}>{name}</Link> {counted(records, 'record')}
        </span>
      ))}
    </>
  )
}
