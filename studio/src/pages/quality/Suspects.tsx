import { Box, Button, Group } from '@mantine/core'
import { useFindSuspects } from '../../api/reports'
import { ButtonLink } from '../../parts/ButtonLink'
import { useDraft } from '../../parts/draft'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted } from '../../parts/figures'
import { JobProgress } from '../../parts/JobProgress'
import { inProject } from '../../parts/where'
import { dict, num } from './read'

interface Props {
  project: string
  dataset: string
  /** How many labels the report takes for wrong; 0: it could not tell. */
  suspected: number
}

/** Puts the labels that are likely wrong into Review's queue of doubts. */
export function Suspects({ project, dataset, suspected }: Props) {
  const find = useFindSuspects()
  const [job, setJob] = useDraft<string | null>(`suspects-job:${dataset}`, null)
  const queue = `${inProject(project, 'review', dataset)}?doubted=true&sort=doubt`
  if (!job) {
    return (
      <Group gap="sm">
        <Button
          variant="default"
          size="compact-sm"
          loading={find.isPending}
          onClick={() => find.mutate({ dataset, flag: true }, { onSuccess: (begun) => setJob(begun.id) })}
        >
          {suspected ? `Flag ${counted(suspected, 'suspect')}` : 'Look through all labels'}
        </Button>
        <span className="sb-meta">
          Review then shows them with the label that fits better, the likeliest first.
        </span>
        {find.error && <ErrorNote error={find.error} />}
      </Group>
    )
  }
  return (
    <JobProgress id={job} title="Looking at the labels" again={() => setJob(null)}>
      {(done) => {
        const result = dict(done.result ?? undefined)
        const flagged = num(result.flagged)
        const decided = num(result.decided)
        return (
          <Group className="sb-panel" p="md" gap="md" justify="space-between">
            <Box>
              {counted(flagged, 'record')} flagged
              {decided > 0 && `, ${counted(decided, 'one', 'others')} decided on before and left as it was`}.
            </Box>
            <Group gap="xs">
              <Button variant="subtle" onClick={() => setJob(null)}>
                Look again
              </Button>
              <ButtonLink to={queue}>Review the doubted labels</ButtonLink>
            </Group>
          </Group>
        )
      }}
    </JobProgress>
  )
}
