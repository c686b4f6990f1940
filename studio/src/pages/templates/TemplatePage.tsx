import { Select } from '@mantine/core'
import { useState } from 'react'
import { useParams } from 'wouter'
import { useTemplate, useTemplateVersions } from '../../api/templates'
import { Answer } from '../../parts/Answer'
import { ago } from '../../parts/figures'
import { Page } from '../../parts/Page'
import { TemplateEditor } from './TemplateEditor'

/** One template with its versions, or a new one. */
export default function TemplatePage() {
  const params = useParams<{ template: string }>()
  const name = decodeURIComponent(params.template ?? 'new')
  return name === 'new' ? (
    <Page title="New template" about="A text with {variables} in braces.">
      <TemplateEditor latest={null} shown={null} />
    </Page>
  ) : (
    <Kept name={name} />
  )
}

function Kept({ name }: { name: string }) {
  const [version, setVersion] = useState<number | null>(null)
  const latest = useTemplate(name)
  const older = useTemplate(version === null ? null : name, version)
  const versions = useTemplateVersions(name)
  const shown = version === null ? latest : older
  return (
    <Page
      title={name}
      about={latest.data && `Version ${latest.data.version}, ${ago(latest.data.created)}`}
      actions={
        versions.data &&
        versions.data.length > 1 && (
          <Select
            aria-label="Version"
            w={170}
            data={versions.data.map((one) => ({
              value: String(one.version),
              label: `Version ${one.version}, ${ago(one.created)}`,
            }))}
            value={String(version ?? latest.data?.version ?? '')}
            onChange={(now) =>
              setVersion(now === null || Number(now) === latest.data?.version ? null : Number(now))
            }
          />
        )
      }
    >
      <Answer query={shown}>
        {(one) => (
          <TemplateEditor
            key={`${one.name} ${one.version} ${latest.data?.version}`}
            latest={latest.data ?? null}
            shown={one}
          />
        )}
      </Answer>
    </Page>
  )
}
