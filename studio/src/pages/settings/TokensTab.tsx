import { Box, Button, CopyButton, Group, NumberInput, Select, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangeTokens, useTokens } from '../../api/people'
import type { Scope } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { ErrorNote } from '../../parts/ErrorNote'
import { ago, day } from '../../parts/figures'
import { useMissing } from '../../parts/missing'

const SCOPES: { value: Scope; label: string }[] = [
  { value: 'read', label: 'Read' },
  { value: 'review', label: 'Review' },
  { value: 'edit', label: 'Edit: make data' },
  { value: 'own', label: 'Own: everything' },
]

/** Keys for programs; each is shown once. */
export function TokensTab({ project }: { project: string }) {
  const tokens = useTokens()
  const { add, drop } = useChangeTokens()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<Scope>('read')
  const [where, setWhere] = useState('here')
  const [days, setDays] = useState<number | undefined>(90)
  const missing = useMissing()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(event.currentTarget as Element, name)) return
    add.mutate(
      { name, scope, days, ...(where === 'here' ? { project } : {}) },
      { onSuccess: () => setName('') },
    )
  }
  return (
    <Stack gap="md" maw={640}>
      <div className="sb-soft">
        A token lets a program in: <code>seedbed … --server</code>, scripts, other tools.
      </div>
      <Answer query={tokens} rows={3}>
        {(all) => (
          <>
            {!all.length && <div>No tokens yet.</div>}
            {all.map((one) => (
              <Group key={one.id} justify="space-between">
                <div>
                  {one.name} <span className="sb-soft">… {one.last4}</span>
                  <div className="sb-meta">
                    May {one.scope} in {one.project ?? 'all projects'} ·{' '}
                    {one.expires ? `until ${day(one.expires)}` : 'without end'} ·{' '}
                    {one.used ? `used ${ago(one.used)}` : 'never used'}
                  </div>
                </div>
                <ConfirmButton
                  question={`Programs that use ${one.name} are turned away from now on.`}
                  verb="Revoke the token"
                  aria-label={`Revoke ${one.name}`}
                  onConfirm={() => drop.mutate(one.id)}
                >
                  Revoke
                </ConfirmButton>
              </Group>
            ))}
          </>
        )}
      </Answer>
      {add.data?.token && <Once token={add.data.token} />}
      <Title order={2} mt="md">
        New token
      </Title>
      <form onSubmit={submit}>
        <Stack gap="sm" maw={360}>
          <TextInput
            label="Name"
            withAsterisk
            error={missing.said(name, 'Name what the token is for.')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="It may"
            data={SCOPES}
            value={scope}
            onChange={(now) => now && setScope(now as Scope)}
          />
          <Select
            label="Where"
            data={[
              { value: 'here', label: 'In this project' },
              { value: 'all', label: 'In all projects' },
            ]}
            value={where}
            onChange={(now) => now && setWhere(now)}
          />
          <NumberInput
            label="Days"
            description="Empty: without end."
            min={1}
            value={days ?? ''}
            onChange={(now) => setDays(typeof now === 'number' ? now : undefined)}
          />
          <ErrorNote error={add.error ?? drop.error} />
          <Button type="submit" loading={add.isPending} style={{ alignSelf: 'flex-start' }}>
            Make the token
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}

function Once({ token }: { token: string }) {
  return (
    <Box role="status" className="sb-panel" p="sm" style={{ borderColor: 'var(--sb-approve)' }}>
      <div>Copy it now: it is not shown again.</div>
      <Group gap="xs" mt={6} wrap="nowrap">
        <code style={{ overflowWrap: 'anywhere' }}>{token}</code>
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Box>
  )
}
