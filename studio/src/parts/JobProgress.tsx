import { Box, Button, Group, Progress, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { ended, useCancelJob, useJob } from '../api/jobs'
import { keys } from '../api/keys'
import type { Job } from '../api/types'
import { ErrorNote } from './ErrorNote'
import { count, share } from './figures'
import { Waiting } from './Waiting'

interface Props {
  id: string
  /** What it does, as a person says it: "Making copies". */
  title: string
  /** Puts it away when it has ended. */
  again?: () => void
  /** Whether the person may stop it. */
  stops?: boolean
  /** What is shown when it is done. */
  children: (job: Job) => ReactNode
}

/** A piece of work: how far it is, a way to stop it, what went wrong, and then what it made. */
export function JobProgress({ id, title, again, stops = true, children }: Props) {
  const query = useJob(id)
  const cancel = useCancelJob()
  const queries = useQueryClient()
  const job = query.data
  const over = job ? ended(job) : false
  useEffect(() => {
    if (!over) return
    void queries.invalidateQueries({ queryKey: keys.datasets })
    void queries.invalidateQueries({ queryKey: ['jobs', 'of'] })
  }, [over, queries])
  if (!job) return query.error ? <ErrorNote error={query.error} again={again} /> : <Waiting rows={2} />
  if (job.state === 'done') return <>{children(job)}</>
  if (job.state === 'failed') return <Failed job={job} again={again} />
  if (job.state === 'cancelled') {
    return (
      <Group className="sb-panel" p="md" role="status" justify="space-between">
        {title}: stopped. Nothing of it was kept.
        <Back again={again} />
      </Group>
    )
  }
  const open = job.total === null || job.total === 0
  return (
    <Stack className="sb-panel" p="md" gap={8} role="status">
      <Group justify="space-between">
        <span>
          <strong style={{ fontWeight: 600 }}>{title}</strong>{' '}
          <span className="sb-soft">
            {job.state === 'waiting' ? 'waits for its turn' : job.words}
            {!open && job.total !== null && `, ${count(job.done)} of ${count(job.total)}`}
          </span>
        </span>
        {stops && (
          <Button
            size="compact-sm"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(id)}
          >
            Stop
          </Button>
        )}
      </Group>
      <Progress
        size={4}
        value={open ? 100 : (100 * job.done) / (job.total ?? 1)}
        animated={open}
        striped={open}
        aria-label={open ? title : `${share(job.done, job.total ?? 1)} done`}
      />
    </Stack>
  )
}

function Failed({ job, again }: { job: Job; again?: () => void }) {
  return (
    <Box
      role="alert"
      px="sm"
      py={10}
      style={{ background: 'var(--sb-decline-tint)', borderLeft: '2px solid var(--sb-decline)' }}
    >
      <div style={{ color: 'var(--sb-decline-ink)' }}>{job.message || 'This did not work.'}</div>
      {job.hint && <div>{job.hint}</div>}
      <Back again={again} />
    </Box>
  )
}

/** What has ended without a result is put away, and can be begun anew. */
function Back({ again }: { again?: () => void }) {
  if (!again) return null
  return (
    <Button size="compact-sm" variant="default" onClick={again}>
      Back
    </Button>
  )
}
