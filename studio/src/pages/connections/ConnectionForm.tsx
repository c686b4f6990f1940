import { Autocomplete, Button, Group, PasswordInput, Select, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useProviders } from '../../api/choices'
import { useCheckConnection, useDeleteConnection, useSaveConnection } from '../../api/connections'
import { Problem } from '../../api/problem'
import type { Connection, ConnectionBody, Provider } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { useDraft } from '../../parts/draft'
import { ErrorNote } from '../../parts/ErrorNote'
import { useMissing } from '../../parts/missing'
import { say } from '../../parts/notes'
import { LimitsFields } from './LimitsFields'
import { ProjectsField } from './ProjectsField'
import { VerdictNote } from './VerdictNote'

interface Props {
  old: Connection | null
  project: string
  onDone: () => void
}

/** A connection, with the fields its provider needs. The key is never kept in the browser. */
export function ConnectionForm({ old, project, onDone }: Props) {
  const providers = useProviders()
  const [body, setBody, forget] = useDraft<ConnectionBody>(`connection:${old?.name ?? ''}`, startOf(old))
  const [key, setKey] = useState('')
  const [model, setModel] = useState('')
  const check = useCheckConnection()
  const save = useSaveConnection(old)
  const drop = useDeleteConnection()
  const missing = useMissing()
  const form = useRef<HTMLFormElement>(null)
  const provider = providers.data?.find((one) => one.name === body.provider)
  const change = (more: ConnectionBody) => setBody({ ...body, ...more })
  const whole = { ...cleaned(body), ...(key ? { key } : {}) }
  const errors = problemsOf(save.error)
  const done = () => {
    forget()
    onDone()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(form.current, body.provider, body.name)) return
    const { name: _, ...changes } = whole
    save.mutate(old ? changes : whole, {
      onSuccess: (saved) => {
        say(`${saved.name} is saved.`)
        done()
      },
    })
  }
  return (
    <form onSubmit={submit} ref={form} noValidate>
      <Stack gap="md" maw={560}>
        <Title order={2}>{old ? `Edit ${old.name}` : 'Add a connection'}</Title>
        <Select
          label="Provider"
          withAsterisk
          searchable
          error={errors.provider ?? missing.said(body.provider, 'Choose a provider first.')}
          data={(providers.data ?? []).map((one) => ({ value: one.name, label: one.title }))}
          value={body.provider ?? null}
          onChange={(name) => name && change({ provider: name, name: body.name || name })}
        />
        <TextInput
          label="Name"
          description={`Recipes say ${body.name || 'name'}:model.${old ? ' So the name stays.' : ''}`}
          withAsterisk={!old}
          readOnly={old !== null}
          error={errors.name ?? missing.said(body.name, 'A connection needs a name.')}
          value={body.name ?? ''}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {provider && (
          <ProviderFields {...{ provider, body, change, errors, old, value: key, onKey: setKey }} />
        )}
        <LimitsFields body={body} onChange={change} errors={errors} />
        <ProjectsField body={body} onChange={change} here={project} />
        <Group align="flex-end" gap="xs">
          <Autocomplete
            label="Model to try"
            description="Validate asks it one word."
            placeholder={provider?.models[0] ?? 'a model of the provider'}
            style={{ flex: 1 }}
            value={model}
            data={[...new Set(provider?.models ?? [])]}
            onChange={setModel}
          />
          <Button
            variant="default"
            loading={check.isPending}
            onClick={() => {
              if (!missing.complete(form.current, body.provider)) return
              check.mutate(
                old && !key
                  ? { name: old.name, model: model || provider?.models[0] }
                  : { body: whole, model: model || provider?.models[0] },
              )
            }}
          >
            Validate
          </Button>
        </Group>
        <VerdictNote check={check} />
        <ErrorNote error={save.error ?? drop.error} />
        <Group justify="space-between">
          {old ? (
            <ConfirmButton
              question={`${old.name} and its key are deleted. Recipes that name it will not run any more.`}
              verb="Delete the connection"
              onConfirm={() => drop.mutate(old, { onSuccess: done })}
            >
              Delete
            </ConfirmButton>
          ) : (
            <span />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={done}>
              Back
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}

interface ProviderProps {
  provider: Provider
  body: ConnectionBody
  change: (more: ConnectionBody) => void
  errors: Record<string, string>
  old: Connection | null
  value: string
  onKey: (key: string) => void
}

function ProviderFields({ provider, body, change, errors, old, value, onKey }: ProviderProps) {
  const kept = old?.key_last4 ? `The one that ends in ${old.key_last4} is kept if this stays empty. ` : ''
  return (
    <>
      {(provider.address || provider.default_address) && (
        <TextInput
          label="Address"
          withAsterisk={provider.address && !provider.default_address}
          placeholder={provider.default_address ?? 'https://…/v1'}
          error={errors.base_url}
          value={body.base_url ?? ''}
          onChange={(event) => change({ base_url: event.currentTarget.value })}
        />
      )}
      {'api_version' in (provider.schema.properties ?? {}) && provider.name === 'azure' && (
        <TextInput
          label="API version"
          error={errors.api_version}
          value={body.api_version ?? ''}
          onChange={(event) => change({ api_version: event.currentTarget.value })}
        />
      )}
      {provider.key && (
        <>
          <PasswordInput
            label="Key"
            description={`${kept}Kept on the server, encrypted; never shown again.`}
            autoComplete="off"
            error={errors.key}
            value={value}
            onChange={(event) => onKey(event.currentTarget.value)}
          />
          <TextInput
            label="Or the variable that holds the key"
            placeholder={provider.key_env ?? 'MY_KEY'}
            error={errors.key_env}
            value={body.key_env ?? ''}
            onChange={(event) => change({ key_env: event.currentTarget.value })}
          />
        </>
      )}
    </>
  )
}

function startOf(old: Connection | null): ConnectionBody {
  if (!old) return { projects: [] }
  const { key_place: _, key_last4: __, created: ___, version: ____, ...body } = old
  return body
}

/** Without what was left empty. */
function cleaned(body: ConnectionBody): ConnectionBody {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '' && value !== null))
}

function problemsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {}
  return Object.fromEntries(error.errors.map((one) => [one.field, one.message]))
}
