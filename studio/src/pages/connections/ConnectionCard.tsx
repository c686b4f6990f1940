import { Box, Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useModels, useProviders } from '../../api/choices'
import { useCheckConnection } from '../../api/connections'
import type { Connection } from '../../api/types'
import { counted } from '../../parts/figures'
import { TryModel } from './TryModel'
import { VerdictNote } from './VerdictNote'

interface Props {
  connection: Connection
  project: string
  mayEdit: boolean
  onEdit: () => void
}

/** One connection: what it is, where its key is, whether it answers. */
export function ConnectionCard({ connection, project, mayEdit, onEdit }: Props) {
  const check = useCheckConnection()
  const [opened, setOpened] = useState(false)
  const [model, setModel] = useState('')
  const models = (useModels(project).data ?? [])
    .filter((one) => one.connection === connection.name)
    .map((one) => one.model.slice(connection.name.length + 1))
  const needsModel = connection.provider !== 'embedded' && connection.provider !== 'scripted'
  const attempt = (named: string | undefined) => check.mutate({ name: connection.name, model: named })
  const provider = useProviders().data?.find((one) => one.name === connection.provider)
  const limits = [
    connection.concurrency && `${connection.concurrency} at once`,
    connection.requests_per_minute && `${counted(connection.requests_per_minute, 'request')} a minute`,
    connection.tokens_per_minute && `${counted(connection.tokens_per_minute, 'token')} a minute`,
  ].filter(Boolean)
  return (
    <Box className="sb-panel" p="md" w="100%">
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
        <Box style={{ minWidth: 0 }}>
          <h2 style={{ margin: 0, fontSize: 15, fontWeight: 600 }}>{connection.name}</h2>
          <div className="sb-soft" style={{ overflowWrap: 'anywhere' }}>
            {[provider?.title ?? connection.provider, connection.base_url, keyWords(connection)]
              .filter(Boolean)
              .join(' · ')}
          </div>
          <div className="sb-meta">
            {connection.projects.length ? `For ${connection.projects.join(', ')}` : 'For all projects'}
            {limits.length > 0 && ` · ${limits.join(', ')}`}
          </div>
        </Box>
        <Group gap="xs" wrap="nowrap">
          {!opened && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Validate ${connection.name}`}
              loading={check.isPending}
              onClick={() => {
                setOpened(needsModel)
                if (!needsModel || models[0]) attempt(models[0])
              }}
            >
              Validate
            </Button>
          )}
          {mayEdit && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Edit ${connection.name}`}
              onClick={onEdit}
            >
              Edit
            </Button>
          )}
        </Group>
      </Group>
      {opened && (
        <Box mt="sm" maw={480}>
          <TryModel
            models={models}
            value={model}
            onChange={setModel}
            waits={check.isPending}
            onTry={attempt}
          />
        </Box>
      )}
      <VerdictNote check={check} />
    </Box>
  )
}

function keyWords(connection: Connection): string {
  if (connection.key_place === 'none') return 'without a key'
  const last = connection.key_last4 ? `key … ${connection.key_last4}` : 'key'
  return connection.key_place === 'workspace' ? last : `${last} from ${connection.key_place}`
}
