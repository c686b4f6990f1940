import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { get, post } from '../../api/client'
import { keys } from '../../api/keys'
import { sayProblem } from '../../api/problem'
import { useRuns } from '../../api/runs'
import { useRole } from '../../api/session'
import type { Json, RecipeCheck, Run } from '../../api/types'
import { count, counted } from '../../parts/figures'
import { say, sayWrong } from '../../parts/notes'
import { inProject } from '../../parts/where'

interface Props {
  project: string
  dataset: string
  declined: number
  /** Ends when all decisions are saved. */
  settled?: () => Promise<void>
}

/** Makes as many records again as were declined and not made again yet. */
export function Refill({ project, dataset, declined, settled }: Props) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const edits = useRole(project) !== 'reviewer'
  const runs = useRuns({ project, dataset }).data?.filter((run) => made(run)) ?? []
  const before = useRefilled(runs, edits && declined > 0)
  const left = before.data === undefined ? 0 : Math.max(0, declined - before.data)
  if (!left || !runs.length || !edits) return null
  const refill = async () => {
    setBusy(true)
    try {
      await settled?.()
      const answers: Answer[] = []
      for (const run of runs) answers.push(await post<Answer>(['runs', run.run, 'refill']))
      const opened = answers.reduce((sum, one) => sum + one.opened, 0)
      const last = runs[0]
      say(
        opened
          ? `${counted(opened, 'record is', 'records are')} made again.`
          : answers.map((one) => one.message).join(' '),
        {
          action: last && {
            words: 'Watch the run',
            do: () => navigate(inProject(project, 'runs', last.run)),
          },
        },
      )
      await queries.invalidateQueries({ queryKey: keys.runs })
      await queries.invalidateQueries({ queryKey: ['refilled'] })
    } catch (error) {
      sayWrong(sayProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="compact-md" variant="default" loading={busy} onClick={() => void refill()}>
      Refill {count(left)}
    </Button>
  )
}

interface Answer {
  opened: number
  message: string
}

/** Only what a recipe made can be made again. */
function made(run: Run): boolean {
  return !['import', 'augment', 'fill', 'split', 'dedup', 'fix'].includes(run.kind)
}

/** How many were made again before: what the runs ask for by now beyond what their recipes asked. */
function useRefilled(runs: Run[], wanted: boolean) {
  return useQuery({
    queryKey: ['refilled', runs.map((run) => [run.run, run.asked])],
    queryFn: async () => {
      let all = 0
      for (const run of runs) {
        const { document } = await get<{ document: Record<string, Json> }>(['runs', run.run, 'recipe'])
        const { ok, asked } = await post<RecipeCheck>(['recipes', 'check'], { document })
        if (ok) all += Math.max(0, run.asked - asked)
      }
      return all
    },
    enabled: wanted && runs.length > 0,
    staleTime: 60_000,
  })
}
