import { useQueryClient } from '@tanstack/react-query'
import { useEvents } from '../api/events'
import { keys } from '../api/keys'
import type { Job, Run } from '../api/types'

/** What changes in a project, also by other processes, is shown without a reload. */
export function useLive(project: string): void {
  const queries = useQueryClient()
  useEvents(
    ['events'],
    { project },
    {
      run: (data) => {
        const run = data as Run
        queries.setQueriesData<Run[]>({ queryKey: ['runs', 'of'] }, (runs) => withRun(runs, run))
        const known = queries.getQueriesData<Run[]>({ queryKey: ['runs', 'of'] })
        if (!known.some(([, runs]) => runs?.some((one) => one.run === run.run))) {
          void queries.invalidateQueries({ queryKey: ['runs', 'of'] })
        }
      },
      job: (data) => {
        const job = data as Job
        queries.setQueryData(keys.job(job.id), job)
        void queries.invalidateQueries({ queryKey: ['jobs', 'of'] })
      },
      dataset: () => void queries.invalidateQueries({ queryKey: keys.datasets }),
    },
  )
}

function withRun(runs: Run[] | undefined, run: Run): Run[] | undefined {
  return runs?.map((old) => (old.run === run.run ? { ...old, ...run } : old))
}
