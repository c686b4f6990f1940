import { Stack } from '@mantine/core'
import { useRef } from 'react'
import { type AugmentResult as Made, type Some, useAugment } from '../../../api/augment'
import { useTransforms } from '../../../api/choices'
import type { DatasetDetail } from '../../../api/types'
import { Answer } from '../../../parts/Answer'
import { useDraft } from '../../../parts/draft'
import { JobProgress } from '../../../parts/JobProgress'
import { sayWrong } from '../../../parts/notes'
import { AugmentResult } from './AugmentResult'
import { Earlier } from './Earlier'
import { Gallery } from './Gallery'
import { PlanPanel } from './PlanPanel'
import { documentOf, FRESH, titlesOf, used } from './plan'

interface Begun {
  job: string
  titles: Record<string, string>
}

interface Props {
  project: string
  dataset: DatasetDetail
  /** Only these records of it; null for all. */
  some: Some | null
  /** How many records there are to be changed. */
  records: number
}

/** Changed copies of records, by shares. */
export function Proportional({ project, dataset, some, records }: Props) {
  const transforms = useTransforms()
  const [draft, setDraft] = useDraft(`augment:${project}:${dataset.name}`, FRESH)
  const [begun, setBegun, forget] = useDraft<Begun | null>(`augment-job:${project}:${dataset.name}`, null)
  const augment = useAugment(project)
  const work = useRef<HTMLDivElement>(null)
  return (
    <Answer query={transforms} rows={8}>
      {(parts) => {
        const start = () => {
          if (!used(draft).length) {
            sayWrong({ detail: 'Nothing is in the plan yet.', hint: 'Tick a transform first.' })
            return
          }
          augment.mutate(
            {
              dataset: dataset.name,
              ...some,
              plan: documentOf(draft),
              ...(draft.into.trim() ? { into: draft.into.trim() } : {}),
            },
            {
              onSuccess: (job) => {
                setBegun({ job: job.id, titles: titlesOf(draft, parts) })
                // the plan stays in sight, the work may not: it is at the top
                requestAnimationFrame(() => work.current?.scrollIntoView({ block: 'start' }))
              },
            },
          )
        }
        return (
          <div className="sb-side-by-side">
            <Stack gap="lg" style={{ minWidth: 0 }}>
              <div ref={work} style={{ scrollMarginTop: 16, display: begun ? undefined : 'none' }}>
                {begun && (
                  <JobProgress
                    id={begun.job}
                    title={`Copies of ${dataset.name}`}
                    again={() => {
                      forget()
                      setBegun(null)
                    }}
                  >
                    {(job) => (
                      <AugmentResult
                        project={project}
                        result={job.result as unknown as Made}
                        titles={begun.titles}
                      />
                    )}
                  </JobProgress>
                )}
              </div>
              <Gallery
                parts={parts}
                draft={draft}
                dataset={dataset.name}
                some={some}
                records={records}
                onChange={setDraft}
              />
              <Earlier project={project} dataset={dataset.name} parts={parts} />
            </Stack>
            <PlanPanel
              dataset={dataset.name}
              records={records}
              draft={draft}
              parts={parts}
              busy={augment.isPending}
              error={augment.error}
              onChange={setDraft}
              onStart={start}
            />
          </div>
        )
      }}
    </Answer>
  )
}
