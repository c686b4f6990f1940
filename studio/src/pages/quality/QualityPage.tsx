import { Button, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { useDataset, useDatasets } from '../../api/datasets'
import { useReports } from '../../api/reports'
import { useRole } from '../../api/session'
import { Answer } from '../../parts/Answer'
import { ButtonLink } from '../../parts/ButtonLink'
import { Empty } from '../../parts/Empty'
import { counted } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { DatasetQuality } from './DatasetQuality'

/** What a dataset is like: measured, said in words, each figure a door to its records. */
export default function QualityPage() {
  const project = useProjectId()
  const { dataset } = useParams<{ dataset?: string }>()
  const [, go] = useLocation()
  const [search, setSearch] = useSearchParams()
  const datasets = useDatasets(project)
  const name = dataset ? decodeURIComponent(dataset) : (datasets.data?.[0]?.name ?? '')
  const detail = useDataset(name)
  const [asking, setAsking] = useState(false)
  const some = Boolean(useReports(name).data?.length)
  const mayEdit = useRole(project) !== 'reviewer'
  return (
    <Page
      title="Quality"
      about="What the records are like, what to mend first, and the records behind each figure."
      actions={
        some && mayEdit ? (
          <Button leftSection={<Icon name="plus" />} onClick={() => setAsking(true)}>
            New report
          </Button>
        ) : undefined
      }
    >
      <Answer query={datasets}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              sentence="A report says what a dataset is like: generate some records, or import a file."
              action={mayEdit && <ButtonLink to={inProject(project, 'datasets')}>Import a file</ButtonLink>}
              sample={<span>28 of 180 records (16 %) repeat another one with the same label.</span>}
            />
          ) : (
            <Stack gap="lg">
              <Select
                label="Dataset"
                maw={420}
                searchable
                data={all.map((one) => ({
                  value: one.name,
                  label: `${one.name} (${counted(one.records, 'record')})`,
                }))}
                value={name}
                onChange={(now) => now && go(inProject(project, 'quality', now))}
              />
              <Answer query={detail} rows={8}>
                {(one) => (
                  <DatasetQuality
                    key={one.name}
                    project={project}
                    dataset={one}
                    others={all}
                    chosen={search.get('report') ?? ''}
                    onChoose={(report) => setSearch({ report }, { replace: true })}
                    asking={asking}
                    onAsk={setAsking}
                  />
                )}
              </Answer>
            </Stack>
          )
        }
      </Answer>
    </Page>
  )
}
