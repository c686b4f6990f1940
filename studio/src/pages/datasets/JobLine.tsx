import { Button, Group, Progress } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { ended, useCancelJob, useJob } from '../../api/jobs'
import { keys } from '../../api/keys'
import type { Job } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { ErrorNote } from '../../parts/ErrorNote'
import { count } from '../../parts/figures'

/** A piece of work as it goes on, and what it came to. */
export function JobLine({ id, result }: { id: string; result: (job: Job) => ReactNode }) {
  const job = useJob(id)
  const cancel = useCancelJob()
  const queries = useQueryClient()
  const over = job.data ? ended(job.data) : false
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: keys.datasets })
  }, [over, queries])
  return (
    <Answer query={job} rows={1}>
      {(one) => {
        if (one.state === 'done') return <div role="status">{result(one)}</div>
        if (one.state === 'cancelled') return <div role="status">Cancelled.</div>
        if (one.state === 'failed')
          return <ErrorNote error={new Error([one.message, one.hint].filter(Boolean).join(' '))} />
        return (
          <Group gap="sm" role="status">
            <Progress
              w={220}
              size={5}
              value={one.total ? (100 * one.done) / one.total : 5}
              animated={!one.total}
              aria-label={one.words || 'Waiting'}
            />
            <span>
              {one.words || 'Waiting'}
              {one.total ? ` · ${count(one.done)} of ${count(one.total)}` : ''}
            </span>
            <Button size="compact-sm" variant="default" onClick={() => cancel.mutate(one.id)}>
              Cancel
            </Button>
          </Group>
        )
      }}
    </Answer>
  )
}
