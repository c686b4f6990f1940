import { Button, Group, PasswordInput, Stack, Switch, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangeUsers, useUsers } from '../../api/people'
import { Answer } from '../../parts/Answer'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { ErrorNote } from '../../parts/ErrorNote'
import { ago } from '../../parts/figures'
import { useMissing } from '../../parts/missing'
import { say } from '../../parts/notes'

const EMPTY = { name: '', password: '', owner: false }

/** People with a name and a password. */
export function PeopleTab() {
  const users = useUsers()
  const { add, edit, drop } = useChangeUsers()
  const [draft, setDraft] = useState(EMPTY)
  const missing = useMissing()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(event.currentTarget as Element, draft.name, draft.password)) return
    add.mutate(draft, {
      onSuccess: () => {
        say(`${draft.name} may log in now.`)
        setDraft(EMPTY)
      },
    })
  }
  return (
    <Stack gap="md" maw={640}>
      <Answer query={users} rows={3}>
        {(all) => (
          <>
            {!all.length && (
              <div className="sb-soft">Nobody yet: the studio is open to this computer only.</div>
            )}
            {all.map((one) => (
              <Group key={one.name} justify="space-between">
                <div>
                  {one.name} <span className="sb-meta">since {ago(one.created)}</span>
                </div>
                <Group gap="md">
                  <Switch
                    label="Owner of the server"
                    checked={one.owner}
                    onChange={(event) => edit.mutate({ user: one, owner: event.currentTarget.checked })}
                  />
                  <ConfirmButton
                    question={`${one.name} cannot log in any more. What ${one.name} decided stays.`}
                    verb="Delete the person"
                    aria-label={`Delete ${one.name}`}
                    onConfirm={() => drop.mutate(one)}
                  >
                    Delete
                  </ConfirmButton>
                </Group>
              </Group>
            ))}
          </>
        )}
      </Answer>
      <Title order={2} mt="md">
        Add a person
      </Title>
      <form onSubmit={submit}>
        <Stack gap="sm" maw={360}>
          <TextInput
            label="Name"
            withAsterisk
            error={missing.said(draft.name, 'A person needs a name.')}
            autoComplete="off"
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            withAsterisk
            error={missing.said(draft.password, 'A person needs a password.')}
            autoComplete="new-password"
            value={draft.password}
            onChange={(event) => setDraft({ ...draft, password: event.currentTarget.value })}
          />
          <Switch
            label="Owner of the server"
            description="May do everything, also add people."
            checked={draft.owner}
            onChange={(event) => setDraft({ ...draft, owner: event.currentTarget.checked })}
          />
          <ErrorNote error={add.error ?? edit.error ?? drop.error} />
          <Button type="submit" loading={add.isPending} style={{ alignSelf: 'flex-start' }}>
            Add
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}
