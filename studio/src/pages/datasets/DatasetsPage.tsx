import { Button } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useDatasets } from '../../api/datasets'
import { useRole } from '../../api/session'
import { Answer } from '../../parts/Answer'
import { Empty } from '../../parts/Empty'
import { ago, count } from '../../parts/figures'
import { Heads } from '../../parts/Heads'
import { Icon } from '../../parts/Icon'
import { Link } from '../../parts/Link'
import { Page } from '../../parts/Page'
import { Ratio } from '../../parts/Ratio'
import { inProject, useProjectId } from '../../parts/where'
import { ImportDialog } from './ImportDialog'

const MADE_BY: Record<string, string> = {
  generate: 'a run',
  import: 'a file',
  augment: 'Augment',
  fill: 'templates',
  'kept-synthetic': 'a run',
  'kept-augmented': 'Augment',
}

/** All datasets of the project; files are dropped here. */
export default function DatasetsPage() {
  const project = useProjectId()
  const datasets = useDatasets(project)
  const edits = useRole(project) !== 'reviewer'
  const [search, setSearch] = useSearchParams()
  const [open, setOpen] = useState(search.has('import'))
  const [dropped, setDropped] = useState<File | null>(null)
  const importing = (file: File | null) => {
    setDropped(file)
    setOpen(true)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a short way; the button does the same
    <div
      style={{ minHeight: '100%' }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        const file = event.dataTransfer.files[0]
        if (file && edits) importing(file)
      }}
    >
      <Page
        title="Datasets"
        about={`What runs made and what was imported.${edits ? ' A file can be dropped anywhere on this page.' : ''}`}
        actions={
          edits && (
            <Button leftSection={<Icon name="upload" />} onClick={() => importing(null)}>
              Import a file
            </Button>
          )
        }
      >
        <Answer query={datasets}>
          {(all) =>
            all.length ? (
              <table className="sb-table">
                <Heads columns={['Name', '#Records', 'Reviewed', '#Approved', 'Made by', 'Since']} />
                <tbody>
                  {all.map((one) => (
                    <tr key={one.name}>
                      <td style={{ overflowWrap: 'anywhere' }}>
                        <Link to={inProject(project, 'datasets', one.name)}>{one.name}</Link>
                      </td>
                      <td className="sb-number">{count(one.records)}</td>
                      <td>
                        <Ratio part={one.reviewed} all={one.records} word="" />
                      </td>
                      <td className="sb-number">{count(one.approved)}</td>
                      <td className="sb-soft">{one.kinds.map((kind) => MADE_BY[kind] ?? kind).join(', ')}</td>
                      <td className="sb-soft sb-whole">{ago(one.created)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ) : (
              <Empty
                sentence="A dataset is a named set of records: a run makes one, and a file becomes one."
                action={edits && <Button onClick={() => importing(null)}>Import a file</Button>}
                sample={
                  <pre style={{ margin: 0, whiteSpace: 'pre-wrap' }}>
                    {'tickets.csv\ntext,label\nWhere is my parcel?,question\nIt came today.,statement'}
                  </pre>
                }
              />
            )
          }
        </Answer>
        <ImportDialog
          key={dropped?.name ?? ''}
          opened={open && edits}
          file={dropped}
          close={() => {
            setOpen(false)
            if (search.has('import')) setSearch({}, { replace: true })
          }}
          project={project}
        />
      </Page>
    </div>
  )
}
