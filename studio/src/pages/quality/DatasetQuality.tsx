import { Anchor, Drawer, Group, Select, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { keys } from '../../api/keys'
import { pageOf, useReport, useReports, useStartReport } from '../../api/reports'
import { useRole } from '../../api/session'
import type { Dataset, DatasetDetail } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { useDraft } from '../../parts/draft'
import { Empty } from '../../parts/Empty'
import { ago } from '../../parts/figures'
import { JobProgress } from '../../parts/JobProgress'
import { NewReport } from './NewReport'
import { dict, text } from './read'
import { SpotChecks } from './SpotChecks'
import { ReportView } from './shown/ReportView'

interface Props {
  project: string
  dataset: DatasetDetail
  others: readonly Dataset[]
  /** The report that is shown; `''`: the newest. */
  chosen: string
  onChoose: (report: string) => void
  /** Whether another report is asked for. */
  asking: boolean
  onAsk: (asking: boolean) => void
}

/** The reports on a dataset, and a new one. */
export function DatasetQuality({ project, dataset, others, chosen, onChoose, asking, onAsk }: Props) {
  const reports = useReports(dataset.name)
  const start = useStartReport(project)
  const edits = useRole(project) !== 'reviewer'
  const [job, setJob] = useDraft<string | null>(`report-job:${dataset.name}`, null)
  const id = chosen || reports.data?.[0]?.id || null
  const report = useReport(id)
  const form = (
    <NewReport
      project={project}
      dataset={dataset}
      others={others}
      busy={start.isPending}
      error={start.error}
      unfolded={asking}
      onStart={(body) =>
        start.mutate(body, {
          onSuccess: (begun) => {
            setJob(begun.id)
            onAsk(false)
          },
        })
      }
    />
  )
  return (
    <Stack gap={28}>
      {job ? (
        <JobProgress id={job} title={`Measuring ${dataset.name}`} again={() => setJob(null)}>
          {(done) => (
            <Made
              dataset={dataset.name}
              onShow={() => {
                setJob(null)
                onChoose(text(dict(done.result ?? undefined).report))
              }}
            />
          )}
        </JobProgress>
      ) : (
        <Answer query={reports} rows={2}>
          {(all) =>
            all.length === 0 && (
              <Empty
                sentence={`Nobody has to believe that data is good: a report measures it, and says what to mend first.${edits ? '' : ' Editors of the project have one made.'}`}
                action={edits && form}
              />
            )
          }
        </Answer>
      )}
      {id && (
        <Answer query={report} rows={10}>
          {(one) => (
            <Stack gap="lg">
              <Group justify="space-between" align="flex-end">
                <Select
                  label="Report"
                  w={320}
                  data={(reports.data ?? [one]).map((row) => ({
                    value: row.id,
                    label: `${row.id}, ${ago(row.created)}`,
                  }))}
                  value={one.id}
                  onChange={(now) => now && onChoose(now)}
                />
                <Anchor href={pageOf(one.id)} target="_blank" rel="noreferrer">
                  Open as a page of its own
                </Anchor>
              </Group>
              <ReportView project={project} dataset={dataset} report={one} onReport={() => onAsk(true)} />
            </Stack>
          )}
        </Answer>
      )}
      <SpotChecks project={project} dataset={dataset.name} />
      <Drawer opened={asking} onClose={() => onAsk(false)} title={`New report on ${dataset.name}`} size={620}>
        {form}
      </Drawer>
    </Stack>
  )
}

/** A report that was just made is shown at once. */
function Made({ dataset, onShow }: { dataset: string; onShow: () => void }) {
  const queries = useQueryClient()
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: keys.reportsOf(dataset) })
    onShow()
  }, [queries, dataset, onShow])
  return null
}
