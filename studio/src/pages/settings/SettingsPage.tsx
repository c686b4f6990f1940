import { Tabs } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { useOwner } from '../../api/session'
import { Page } from '../../parts/Page'
import { useProjectId } from '../../parts/where'
import { AboutTab } from './AboutTab'
import { AuditTab } from './AuditTab'
import { MembersTab } from './MembersTab'
import { PeopleTab } from './PeopleTab'
import { RetentionTab } from './RetentionTab'
import { TokensTab } from './TokensTab'

/** People and tokens, members of the project, retention, about. */
export default function SettingsPage() {
  const project = useProjectId()
  const [search, setSearch] = useSearchParams()
  const owner = useOwner()
  const tabs = [
    { name: 'members', title: 'Members', shown: true, body: <MembersTab project={project} /> },
    { name: 'people', title: 'People', shown: owner, body: <PeopleTab /> },
    { name: 'tokens', title: 'Tokens', shown: true, body: <TokensTab project={project} /> },
    { name: 'retention', title: 'Retention', shown: owner, body: <RetentionTab /> },
    { name: 'log', title: 'Log', shown: owner, body: <AuditTab /> },
    { name: 'about', title: 'About', shown: true, body: <AboutTab /> },
  ].filter((one) => one.shown)
  return (
    <Page title="Settings">
      <Tabs
        value={tabs.some((one) => one.name === search.get('tab')) ? search.get('tab') : 'members'}
        onChange={(tab) => setSearch(tab ? { tab } : {}, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          {tabs.map((one) => (
            <Tabs.Tab key={one.name} value={one.name}>
              {one.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((one) => (
          <Tabs.Panel key={one.name} value={one.name}>
            {one.body}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
