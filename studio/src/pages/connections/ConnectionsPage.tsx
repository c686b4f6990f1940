import { useState } from 'react'
import { useConnections } from '../../api/connections'
import { Page } from '../../parts/Page'
import { useProjectId } from '../../parts/where'
import { AddConnection, Connections, type Edited } from './ConnectionsPanel'

/** Where models are reached, and with which key. */
export default function ConnectionsPage() {
  const project = useProjectId()
  const [edited, setEdited] = useState<Edited>(null)
  const some = Boolean(useConnections(project).data?.length)
  return (
    <Page
      title="Connections"
      about="Where models are reached, and with which key. The embedded model needs none."
      width="list"
      actions={
        some && edited === null ? (
          <AddConnection project={project} onAdd={() => setEdited('new')} />
        ) : undefined
      }
    >
      <Connections project={project} edited={edited} onEdit={setEdited} />
    </Page>
  )
}
