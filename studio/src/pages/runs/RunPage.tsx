import { Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import { useEvents } from '../../api/events'
import { keys } from '../../api/keys'
import { useRun } from '../../api/runs'
import type { Run, RunRecord } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Page } from '../../parts/Page'
import { StateDot } from '../../parts/StateDot'
import { RunActions } from './RunActions'
import { RunCells } from './RunCells'
import { RunFigures } from './RunFigures'
import { RunLatest } from './RunLatest'
import { RunReasons } from './RunReasons'
import { RunRecipe } from './RunRecipe'

const LATEST = 30
/** A stream that ended while the run is resumed is opened again after so many milliseconds. */
const AGAIN = 1000

/** One run as it goes on: cells filling up, the latest texts, what was turned away and why. */
export default function RunPage() {
  const params = useParams<{ run: string }>()
  const id = decodeURIComponent(params.run ?? '')
  const query = useRun(id)
  const queries = useQueryClient()
  const [latest, setLatest] = useState<RunRecord[]>([])
  const [round, setRound] = useState(0)
  const going = query.data?.state === 'running' || query.data?.driven === true
  useEvents(
    going ? ['runs', id, 'events'] : null,
    {},
    {
      run: (data) => queries.setQueryData<Run>(keys.run(id), (old) => ({ ...old, ...(data as Run) })),
      record: (data) => setLatest((old) => withRecord(old, data as RunRecord)),
      end: () => {
        void queries.invalidateQueries({ queryKey: keys.runs })
        void queries.invalidateQueries({ queryKey: keys.datasets })
        setTimeout(() => setRound((now) => now + 1), AGAIN)
      },
    },
    round,
  )
  const run = query.data
  return (
    <Page
      title={id}
      about={
        run && (
          <StateDot
            state={run.wish === 'pause' ? 'pausing' : run.wish === 'cancel' ? 'cancelling' : run.state}
          />
        )
      }
      actions={run && <RunActions run={run} />}
    >
      <Answer query={query} rows={8}>
        {(one) => (
          <Stack gap="lg">
            <RunFigures run={one} />
            <RunCells run={one} />
            <RunReasons run={one} />
            <RunLatest run={one} live={latest} />
            <RunRecipe run={one} />
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function withRecord(old: RunRecord[], record: RunRecord): RunRecord[] {
  if (old.some((one) => one.id === record.id)) return old
  return [record, ...old].slice(0, LATEST)
}
