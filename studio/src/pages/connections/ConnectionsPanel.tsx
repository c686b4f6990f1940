import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useConnections } from '../../api/connections'
import { useRole } from '../../api/session'
import type { Connection } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Empty } from '../../parts/Empty'
import { Icon } from '../../parts/Icon'
import { ConnectionCard } from './ConnectionCard'
import { ConnectionForm } from './ConnectionForm'

/** The connections of a project and the form for one: as a page, and in the drawer beside a recipe. */
export function ConnectionsPanel({ project }: { project: string }) {
  const connections = useConnections(project)
  const [edited, setEdited] = useState<Connection | 'new' | null>(null)
  const mayEdit = useRole(project) === 'owner'
  if (edited) {
    return (
      <ConnectionForm
        key={edited === 'new' ? '' : edited.name}
        old={edited === 'new' ? null : edited}
        project={project}
        onDone={() => setEdited(null)}
      />
    )
  }
  const add = mayEdit && (
    <Button leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
      Add a connection
    </Button>
  )
  return (
    <Answer query={connections}>
      {(all) =>
        all.length ? (
          <Stack gap="sm" align="flex-start" maw={760}>
            {all.map((one) => (
              <ConnectionCard
                key={one.name}
                connection={one}
                project={project}
                mayEdit={mayEdit}
                onEdit={() => setEdited(one)}
              />
            ))}
            {add}
          </Stack>
        ) : (
          <Empty
            sentence="A connection is the address of a model's server and the key for it: add one to use a stronger model."
            action={add}
            sample={<code>my-openai · OpenAI · key … 4f2a</code>}
          />
        )
      }
    </Answer>
  )
}
