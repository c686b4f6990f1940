import { Button, Group, Select, Stack, Tabs } from '@mantine/core'
import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { useDataset, useDatasets } from '../../api/datasets'
import { useTaskCounts } from '../../api/tasks'
import { Answer } from '../../parts/Answer'
import { ButtonLink } from '../../parts/ButtonLink'
import { Empty } from '../../parts/Empty'
import { counted } from '../../parts/figures'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { chosenIn, wordsOf } from './chosen'
import { Proportional } from './proportional/Proportional'
import { Templatic } from './templatic/Templatic'
import './augment.css'

const TEMPLATIC = 'templatic'
const PROPORTIONAL = 'proportional'

/** More records out of what there is: changed copies by shares, or sentences with slots. */
export default function AugmentPage() {
  const project = useProjectId()
  const datasets = useDatasets(project)
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') === TEMPLATIC ? TEMPLATIC : PROPORTIONAL
  const asked = search.get('dataset') ?? datasets.data?.[0]?.name ?? ''
  const detail = useDataset(asked)
  const some = useMemo(() => chosenIn(search), [search])
  const matching = useTaskCounts({ dataset: asked, ...some?.where }, some !== null && !some.ids)
  const number = some?.ids?.length ?? matching.data?.total
  const go = (name: string, value: string) =>
    setSearch(
      (now) => {
        const kept = new URLSearchParams(name === 'dataset' ? {} : now)
        if (name === 'dataset' && now.has('tab')) kept.set('tab', now.get('tab') ?? '')
        kept.set(name, value)
        return kept
      },
      { replace: true },
    )
  return (
    <Page
      title="Augment"
      about="More records out of those there are, with labels that stay right."
      width="wide"
    >
      <Tabs value={tab} onChange={(now) => go('tab', now ?? PROPORTIONAL)} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value={PROPORTIONAL}>Proportional</Tabs.Tab>
          <Tabs.Tab value={TEMPLATIC}>Templatic</Tabs.Tab>
        </Tabs.List>
        <Answer query={datasets} rows={6}>
          {(all) => (
            <Stack gap="lg">
              {all.length > 0 && (
                <Select
                  label="Dataset"
                  description={
                    tab === TEMPLATIC
                      ? 'Its marked words are what slots are filled with.'
                      : 'Its records are what copies are made of.'
                  }
                  maw={420}
                  searchable
                  data={all.map((one) => ({
                    value: one.name,
                    label: `${one.name} (${counted(one.records, 'record')})`,
                  }))}
                  value={asked || null}
                  onChange={(now) => now && go('dataset', now)}
                />
              )}
              {some && tab === PROPORTIONAL && number !== undefined && (
                <Group gap="sm" role="status">
                  <span>Only {wordsOf(some, number)}.</span>
                  <Button size="compact-sm" variant="default" onClick={() => go('dataset', asked)}>
                    All records of the dataset
                  </Button>
                </Group>
              )}
              <Tabs.Panel value={PROPORTIONAL}>
                {asked ? (
                  <Answer query={detail} rows={8}>
                    {(one) => (
                      <Proportional
                        key={one.name}
                        project={project}
                        dataset={one}
                        some={some}
                        records={some ? (number ?? 0) : one.records}
                      />
                    )}
                  </Answer>
                ) : (
                  <Nothing project={project} />
                )}
              </Tabs.Panel>
              <Tabs.Panel value={TEMPLATIC}>
                {asked && !detail.data && !detail.error ? null : (
                  <Templatic project={project} dataset={detail.data ?? null} />
                )}
              </Tabs.Panel>
            </Stack>
          )}
        </Answer>
      </Tabs>
    </Page>
  )
}

function Nothing({ project }: { project: string }) {
  return (
    <Empty
      sentence="Copies are made of the records of a dataset: generate some, or import a file."
      action={<ButtonLink to={inProject(project, 'datasets')}>Import a file</ButtonLink>}
      sample={<span>The invoice is late. → The invioce is late.</span>}
    />
  )
}
