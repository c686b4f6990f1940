import { Stack, Title } from '@mantine/core'
import { useParams } from 'wouter'
import { useDataset } from '../../api/datasets'
import { useRuns } from '../../api/runs'
import { useRole } from '../../api/session'
import { Answer } from '../../parts/Answer'
import { ButtonLink } from '../../parts/ButtonLink'
import { ago, count, counted } from '../../parts/figures'
import { Heads } from '../../parts/Heads'
import { Link } from '../../parts/Link'
import { Page } from '../../parts/Page'
import { Ratio } from '../../parts/Ratio'
import { StateDot } from '../../parts/StateDot'
import { inProject, useProjectId } from '../../parts/where'
import { Counts } from './Counts'
import { DedupForm } from './DedupForm'
import { DeleteDataset } from './DeleteDataset'
import { DownloadForm } from './DownloadForm'
import { Latest } from './Latest'
import { SplitForm } from './SplitForm'
import { Versions } from './Versions'

/** One dataset: what is in it, and what can be made of it. */
export default function DatasetPage() {
  const params = useParams<{ dataset: string }>()
  const name = decodeURIComponent(params.dataset)
  const project = useProjectId()
  const dataset = useDataset(name)
  const edits = useRole(project) !== 'reviewer'
  return (
    <Page
      title={name}
      about={dataset.data && <About records={dataset.data.records} reviewed={dataset.data.reviewed} />}
      actions={
        <>
          <ButtonLink to={inProject(project, 'quality', name)} variant="default">
            Quality
          </ButtonLink>
          {edits && (
            <ButtonLink
              to={`${inProject(project, 'augment')}?dataset=${encodeURIComponent(name)}`}
              variant="default"
            >
              Augment
            </ButtonLink>
          )}
          <ButtonLink to={inProject(project, 'review', name)}>Review</ButtonLink>
        </>
      }
    >
      <Answer query={dataset}>
        {(one) => (
          <Stack gap={32}>
            <Counts dataset={one} project={project} />
            <section>
              <Title order={2} mb="sm">
                Latest records
              </Title>
              <Latest dataset={name} project={project} />
            </section>
            <section>
              <Title order={2} mb="sm">
                Runs
              </Title>
              <Runs dataset={name} project={project} />
            </section>
            <section>
              <Title order={2} mb="sm">
                Download
              </Title>
              <DownloadForm dataset={one} />
            </section>
            <section>
              <Title order={2} mb="sm">
                Versions
              </Title>
              <Versions dataset={name} edits={edits} />
            </section>
            {edits && (
              <>
                <section>
                  <Title order={2} mb="sm">
                    Split
                  </Title>
                  <SplitForm dataset={one} project={project} />
                </section>
                <section>
                  <Title order={2} mb="sm">
                    Without duplicates
                  </Title>
                  <DedupForm dataset={name} project={project} />
                </section>
                <section>
                  <Title order={2} mb="sm">
                    Delete
                  </Title>
                  <DeleteDataset dataset={one} project={project} />
                </section>
              </>
            )}
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function About({ records, reviewed }: { records: number; reviewed: number }) {
  return <Ratio part={reviewed} all={records} word="reviewed" />
}

function Runs({ dataset, project }: { dataset: string; project: string }) {
  const runs = useRuns({ project, dataset })
  return (
    <Answer query={runs} rows={2}>
      {(all) =>
        all.length ? (
          <table className="sb-table">
            <Heads columns={['Run', 'State', '#Records', 'When']} />
            <tbody>
              {all.map((run) => (
                <tr key={run.run}>
                  <td>
                    <Link to={inProject(project, 'runs', run.run)}>{run.run}</Link>{' '}
                    <span className="sb-meta">{run.kind}</span>
                  </td>
                  <td>
                    <StateDot state={run.state} />
                  </td>
                  <td className="sb-number">{count(run.accepted)}</td>
                  <td className="sb-soft">{ago(run.created)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <p className="sb-soft">{counted(0, 'run')}</p>
        )
      }
    </Answer>
  )
}
