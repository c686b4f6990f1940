import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { ended, useJobs } from '../../api/jobs'
import { useFindDuplicates } from '../../api/reports'
import { useRole } from '../../api/session'
import { useDraft } from '../../parts/draft'
import { ErrorNote } from '../../parts/ErrorNote'
import { ago, count, counted } from '../../parts/figures'
import { JobProgress } from '../../parts/JobProgress'
import type { ReviewState } from './types'

interface Props {
  project: string
  state: ReviewState
  /** Reads the list anew. */
  again: () => void
}

/** When duplicates were looked for, what is newer, and how to look: only what was marked can be filtered. */
export function Duplicates({ project, state, again }: Props) {
  const { dataset, counts } = state
  const find = useFindDuplicates()
  const jobs = useJobs({ dataset, kind: 'duplicates' })
  const [own, setOwn] = useDraft<string | null>(`duplicates-job:${dataset}`, null)
  const stops = useRole(project) !== 'reviewer'
  const job = own ?? jobs.data?.find((one) => !ended(one))?.id
  const look = () => find.mutate(dataset, { onSuccess: (begun) => setOwn(begun.id) })
  if (job) {
    return (
      <div className="rv-strip">
        <JobProgress id={job} title="Looking for duplicates" again={() => setOwn(null)} stops={stops}>
          {() => (
            <Done
              done={() => {
                setOwn(null)
                again()
              }}
            />
          )}
        </JobProgress>
      </div>
    )
  }
  if (!counts) return null
  const looked = counts.duplicates
  return (
    <div className="rv-strip rv-looked" role="status">
      <span>
        {looked ? (
          <>
            {counted(looked.records, 'record')} in {counted(looked.groups, 'group')} that say nearly the same,
            as found {ago(looked.at)} by {looked.by}
            {looked.newer > 0 && ` · ${count(looked.newer)} came since and are not compared`}.
          </>
        ) : (
          'Nobody has looked for duplicates here yet. All texts are compared once; nothing is decided by that.'
        )}
      </span>
      <Button
        size="compact-sm"
        variant={looked ? 'default' : 'filled'}
        loading={find.isPending}
        onClick={look}
        style={{ flex: 'none' }}
      >
        {looked ? 'Look again' : 'Look for duplicates'}
      </Button>
      <ErrorNote error={find.error} />
    </div>
  )
}

/** What was found is shown at once. */
function Done({ done }: { done: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the work has ended
  useEffect(done, [])
  return null
}
