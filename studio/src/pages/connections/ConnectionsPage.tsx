import { Page } from '../../parts/Page'
import { useProjectId } from '../../parts/where'
import { ConnectionsPanel } from './ConnectionsPanel'

/** Where models are reached, and with which key. */
export default function ConnectionsPage() {
  const project = useProjectId()
  return (
    <Page
      title="Connections"
      about="Where models are reached, and with which key. The embedded model needs none."
      width="list"
    >
      <ConnectionsPanel project={project} />
    </Page>
  )
}
