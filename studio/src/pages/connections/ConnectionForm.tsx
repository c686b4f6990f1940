import { Button, Group, Select, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useProviders } from '../../api/choices'
import { useCheckConnection, useDeleteConnection, useSaveConnection } from '../../api/connections'
import { Problem } from '../../api/problem'
import type { Connection, ConnectionBody } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { useDraft } from '../../parts/draft'
import { ErrorNote } from '../../parts/ErrorNote'
import { goToWrong, useMissing } from '../../parts/missing'
import { say } from '../../parts/notes'
import { sentence } from '../../parts/sentence'
import { LIMITS, LimitsFields } from './LimitsFields'
import { PricesFields } from './PricesFields'
import { ProjectsField } from './ProjectsField'
import { ProviderFields } from './ProviderFields'
import { TryModel } from './TryModel'
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
  const whole = { ...(old ? emptied(body) : cleaned(body)), ...(key ? { key } : {}) }
  const errors = problemsOf(save.error ?? check.error)
  const named = old !== null || (body.name ?? body.provider ?? '') !== (body.provider ?? '')
  const done = () => {
    forget()
    onDone()
  }
  const mark = () => goToWrong(form.current)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(form.current, body.provider, body.name, ...partsOf(whole.prices))) return
    check.reset()
    save.mutate(old ? changed(old, whole) : whole, {
      onError: mark,
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
          onChange={(name) => name && change({ provider: name, ...(named ? {} : { name }) })}
        />
        <TextInput
          label="Name"
          description={`Recipes say ${body.name || 'name'}:model.${old ? ' So the name stays.' : ''}`}
          withAsterisk={!old}
          readOnly={old !== null}
          error={nameOf(errors.name) ?? missing.said(body.name, 'A connection needs a name.')}
          value={body.name ?? ''}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {provider && (
          <ProviderFields {...{ provider, body, change, errors, old, value: key, onKey: setKey }} />
        )}
        <LimitsFields body={body} onChange={change} errors={errors} />
        {provider && provider.name !== 'embedded' && (
          <PricesFields body={body} models={provider.models} onChange={change} missing={missing.said} />
        )}
        <ProjectsField body={body} onChange={change} here={project} />
        <TryModel
          models={provider?.models ?? []}
          value={model}
          error={errors.model}
          onChange={setModel}
          waits={check.isPending}
          onTry={(model) => {
            if (!missing.complete(form.current, body.provider, ...partsOf(whole.prices))) return
            save.reset()
            check.mutate(
              { name: old?.name, body: old ? changed(old, whole) : whole, model },
              { onError: mark },
            )
          }}
        />
        <VerdictNote check={check} said={placed(check.error)} />
        <ErrorNote error={drop.error ?? (placed(save.error) ? null : save.error)} />
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

function startOf(old: Connection | null): ConnectionBody {
  if (!old) return { projects: [] }
  const { key_place: _, key_last4: __, created: ___, version: ____, ...body } = old
  return body
}

/** Without what was left empty. */
function cleaned(body: ConnectionBody): ConnectionBody {
  return Object.fromEntries(Object.entries(emptied(body)).filter(([, value]) => value !== null))
}

/** What was emptied as null: a change to what holds without it. */
function emptied({ prices, ...body }: ConnectionBody): ConnectionBody {
  const rows = Object.entries(prices ?? {}).filter(
    ([model, price]) => model.trim() || Object.keys(price).length,
  )
  const fields = Object.entries(body).map(([field, value]) => [field, value === '' ? null : value])
  return { ...Object.fromEntries(fields), ...(prices && { prices: Object.fromEntries(rows) }) }
}

/** What is otherwise than it was, so that nothing else is written; a key always is. */
function changed(old: Connection, body: ConnectionBody): ConnectionBody {
  const before: Record<string, unknown> = { ...old }
  return Object.fromEntries(
    Object.entries(body).filter(([field, now]) => JSON.stringify(now) !== JSON.stringify(before[field])),
  )
}

/** All that a price is made of. */
function partsOf(prices: ConnectionBody['prices']): (string | undefined)[] {
  return Object.entries(prices ?? {}).flatMap(([model, { input, output }]) => [
    model,
    input?.toString(),
    output?.toString(),
  ])
}

function problemsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {}
  const { field, message, hint } = error
  const all =
    error.errors.length || !field
      ? error.errors
      : [{ field, message: message.replace(`${field}: `, ''), hint }]
  return Object.fromEntries(all.map((one) => [one.field, sentence(one.message)]))
}

/** Which characters they are that a name may not hold. */
function nameOf(words: string | undefined): string | undefined {
  return words?.startsWith('Holds a character') ? 'A name holds no “/” and no “:”.' : words
}

/** Whether all that an error says stands beside fields. */
function placed(error: unknown): boolean {
  const fields = Object.keys(problemsOf(error))
  return fields.length > 0 && fields.every((field) => FIELDS.has(field))
}

const FIELDS = new Set(['provider', 'name', 'base_url', 'api_version', 'key', 'key_env', 'model', ...LIMITS])
