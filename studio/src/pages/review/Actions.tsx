import { Button } from '@mantine/core'
import { useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { sayProblem } from '../../api/problem'
import { handOver } from '../../api/tasks'
import { ButtonLink } from '../../parts/ButtonLink'
import { count, counted, share } from '../../parts/figures'
import { say, sayWrong } from '../../parts/notes'
import { inProject } from '../../parts/where'
import { Refill } from './Refill'
import { allSaved, type ReviewStore } from './store'
import type { ReviewState } from './types'

interface Props {
  dataset: string
  project: string
  state: ReviewState
  store: ReviewStore
}

/** What one does with the whole dataset: hand over, refill, judge a sample. */
export function Actions({ dataset, project, state, store }: Props) {
  const [busy, setBusy] = useState(false)
  const { counts } = state
  const work = counts?.by.work ?? {}
  const approved = counts?.by.decision?.approved ?? 0
  const already = (work.todo ?? 0) + (work.doing ?? 0) + (work.done ?? 0)
  const left = Math.max(0, approved - already)
  const tasks = inProject(project, 'tasks')
  const give = async () => {
    setBusy(true)
    try {
      await allSaved(store)
      const { handed_over, sources } = await handOver(dataset, { where: { decision: 'approved' } })
      const became = counted(handed_over, 'record is a task', 'records are tasks')
      say(`${became} now${tagsOf(sources)}.`, {
        action: {
          words: 'Open Tasks',
          do: () => navigate(`${tasks}?dataset=${encodeURIComponent(dataset)}`),
        },
      })
      store.refresh()
    } catch (error) {
      sayWrong(sayProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {counts && (
        <div
          role="progressbar"
          aria-label="Reviewed"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={counts.total ? Math.floor((100 * counts.reviewed) / counts.total) : 0}
          title={`${share(counts.reviewed, counts.total)} reviewed`}
          style={{ width: 140, height: 4, borderRadius: 2, background: 'var(--sb-line)', marginRight: 8 }}
        >
          <div
            style={{
              width: `${counts.total ? (100 * counts.reviewed) / counts.total : 0}%`,
              height: '100%',
              borderRadius: 2,
              background: 'var(--sb-pine)',
            }}
          />
        </div>
      )}
      <ButtonLink
        to={`${inProject(project, 'review', dataset)}?mode=spot-check`}
        variant="default"
        size="compact-md"
      >
        Spot check
      </ButtonLink>
      <Refill
        project={project}
        dataset={dataset}
        settled={() => allSaved(store)}
        declined={counts?.by.decision?.declined ?? 0}
      />
      {already > 0 && (
        <ButtonLink
          to={`${tasks}?dataset=${encodeURIComponent(dataset)}`}
          variant="default"
          size="compact-md"
        >
          {counted(already, 'task')}
        </ButtonLink>
      )}
      {left > 0 && (
        <Button size="compact-md" loading={busy} onClick={() => void give()}>
          Hand over {count(left)} approved
        </Button>
      )}
    </>
  )
}

/** Which tags records have by how they came to be: what was imported has none. */
function tagsOf(sources: Record<string, number>): string {
  const names = Object.keys(sources)
  const [only] = names
  const words = (name: string) =>
    name === 'imported' ? 'imported and without a tag' : `with the tag ${name}`
  if (names.length < 2) return only ? `, ${words(only)}` : ''
  return `: ${names.map((name) => `${count(sources[name] ?? 0)} ${words(name)}`).join(', ')}`
}
