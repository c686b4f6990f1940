import { Group, SegmentedControl, Title } from '@mantine/core'
import { useState } from 'react'
import { useRunRecords } from '../../api/runs'
import type { Run, RunRecord } from '../../api/types'
import { ErrorNote } from '../../parts/ErrorNote'
import { Waiting } from '../../parts/Waiting'
import { sum } from './figures'
import { RunText } from './RunText'
import './runs.css'

const STATES = [
  { value: 'accepted', label: 'Accepted' },
  { value: 'rejected', label: 'Rejected' },
]

/** The latest texts, as they come. */
export function RunLatest({ run, live }: { run: Run; live: RunRecord[] }) {
  const [chosen, setState] = useState<string | null>(null)
  const state = chosen ?? (run.accepted === 0 && sum(run.rejected) > 0 ? 'rejected' : 'accepted')
  const kept = useRunRecords(run.run, state)
  const fresh = live.filter((one) => one.state === state)
  const known = new Set(fresh.map((one) => one.id))
  const records = [...fresh, ...(kept.data ?? []).filter((one) => !known.has(one.id))].slice(0, 30)
  return (
    <section aria-labelledby="latest">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="latest">
          Latest texts
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="Which texts"
          data={STATES}
          value={state}
          onChange={setState}
        />
      </Group>
      <ErrorNote error={kept.error} again={() => void kept.refetch()} />
      {kept.isPending && !records.length && <Waiting rows={4} />}
      {kept.data && !records.length && (
        <div className="sb-soft">
          {state === 'accepted'
            ? run.state === 'running'
              ? 'The first text is on its way; a local model takes some seconds to start.'
              : 'None was accepted.'
            : 'None was rejected.'}
        </div>
      )}
      {records.length > 0 && (
        <ol className="sb-latest sb-panel" aria-live="off">
          {records.map((record) => (
            <RunText key={record.id} record={record} />
          ))}
        </ol>
      )}
    </section>
  )
}
