import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useRole } from '../../api/session'
import { useTemplates } from '../../api/templates'
import { Answer } from '../../parts/Answer'
import { ButtonLink } from '../../parts/ButtonLink'
import { Empty } from '../../parts/Empty'
import { ago } from '../../parts/figures'
import { Heads } from '../../parts/Heads'
import { Icon } from '../../parts/Icon'
import { Link } from '../../parts/Link'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { firstText } from './templateText'

/** Texts with variables, kept with every version of them. */
export default function TemplatesPage() {
  const project = useProjectId()
  const [kind, setKind] = useState('all')
  const templates = useTemplates(project, kind === 'slots' ? 'slots' : '')
  const mayEdit = useRole(project) !== 'reviewer'
  const make = mayEdit && (
    <ButtonLink to={inProject(project, 'templates', 'new')} leftSection={<Icon name="plus" />}>
      New template
    </ButtonLink>
  )
  return (
    <Page
      title="Templates"
      about="Prompts with {variables} that recipes use, and sentences with {slots} that are filled without a model."
      actions={templates.data?.length ? make : undefined}
    >
      <SegmentedControl
        mb="md"
        size="xs"
        aria-label="Which templates"
        data={[
          { value: 'all', label: 'All' },
          { value: 'prompts', label: 'Prompts' },
          { value: 'slots', label: 'Sentences with slots' },
        ]}
        value={kind}
        onChange={setKind}
      />
      <Answer query={templates}>
        {(found) => {
          const all = kind === 'prompts' ? found.filter((one) => one.type !== 'slots') : found
          if (!all.length) {
            return (
              <Empty
                sentence="A template is a text with {variables} in braces that many recipes can use."
                action={make}
                sample={
                  <code>
                    Write a review of {'{product}'} in {'{city}'}.
                  </code>
                }
              />
            )
          }
          return (
            <table className="sb-table">
              <caption className="sb-hidden">Templates of this project</caption>
              <Heads columns={['Name', 'Text', 'Variables', '#Version', 'Changed']} />
              <tbody>
                {all.map((one) => (
                  <tr key={one.name}>
                    <th scope="row" style={{ fontSize: 'inherit', fontWeight: 550 }}>
                      <Link to={inProject(project, 'templates', one.name)}>{one.name}</Link>
                    </th>
                    <td style={{ maxWidth: 420 }} className="sb-one-line">
                      {firstText(one.document)}
                    </td>
                    <td className="sb-soft" style={{ maxWidth: 240 }}>
                      {one.variables.join(', ')}
                    </td>
                    <td className="sb-number">{one.version}</td>
                    <td className="sb-soft">{ago(one.created)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }}
      </Answer>
    </Page>
  )
}
