import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useConnections } from '../../api/connections'
import { useRole } from '../../api/session'
import type { Connection } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Empty } from '../../parts/Empty'
import { Icon } from '../../parts/Icon'
import { ConnectionCard } from './ConnectionCard'
import { ConnectionForm } from './ConnectionForm'

/** The connections of a project and the form for one, in a drawer beside a recipe. */
export function ConnectionsPanel({ project }: { project: string }) {
  const [edited, setEdited] = useState<Edited>(null)
  const some = Boolean(useConnections(project).data?.length)
  return (
    <Stack gap="md">
      {some && edited === null && (
        <Group justify="flex-end">
          <AddConnection project={project} onAdd={() => setEdited('new')} />
        </Group>
      )}
      <Connections project={project} edited={edited} onEdit={setEdited} />
    </Stack>
  )
}

/** What is in the form: a connection, a new one, or nothing. */
export type Edited = Connection | 'new' | null

interface Props {
  project: string
  edited: Edited
  onEdit: (edited: Edited) => void
}

/** The list, or the form of the one that is edited. */
export function Connections({ project, edited, onEdit }: Props) {
  const connections = useConnections(project)
  const mayEdit = useRole(project) === 'owner'
  if (edited) {
    return (
      <ConnectionForm
        key={edited === 'new' ? '' : edited.name}
        old={edited === 'new' ? null : edited}
        project={project}
        onDone={() => onEdit(null)}
      />
    )
  }
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
                onEdit={() => onEdit(one)}
              />
            ))}
          </Stack>
        ) : (
          <Empty
            sentence="A connection is the address of a model's server and the key for it: add one to use a stronger model."
            action={<AddConnection project={project} onAdd={() => onEdit('new')} />}
            sample={<code>my-openai · OpenAI · key … 4f2a</code>}
          />
        )
      }
    </Answer>
  )
}

/** The button for those who may add one. */
export function AddConnection({ project, onAdd }: { project: string; onAdd: () => void }) {
  if (useRole(project) !== 'owner') return null
  return (
    <Button leftSection={<Icon name="plus" />} onClick={onAdd}>
      Add a connection
    </Button>
  )
}
