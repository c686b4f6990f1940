import { Autocomplete, Button, Group, Select, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useUsers } from '../../api/people'
import { useMembers, useSetMember } from '../../api/projects'
import { useRole, useSession } from '../../api/session'
import type { Role } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { ErrorNote } from '../../parts/ErrorNote'
import { useMissing } from '../../parts/missing'

const ROLES: { value: Role; label: string }[] = [
  { value: 'owner', label: 'Owner: lets people in' },
  { value: 'editor', label: 'Editor: makes data' },
  { value: 'reviewer', label: 'Reviewer: decides about records' },
]

/** Who may do what in this project. */
export function MembersTab({ project }: { project: string }) {
  const members = useMembers(project)
  const set = useSetMember(project)
  const local = useSession().data?.local ?? true
  const mayChange = useRole(project) === 'owner'
  const users = useUsers(mayChange)
  const [user, setUser] = useState('')
  const [role, setRole] = useState<Role>('reviewer')
  const missing = useMissing()
  const add = (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(event.currentTarget as Element, user)) return
    set.mutate({ user: user.trim(), role }, { onSuccess: () => setUser('') })
  }
  return (
    <Stack gap="md" maw={640}>
      <div className="sb-soft">
        {local
          ? 'On this computer nobody has to log in. Add people first, then let them into the project here.'
          : 'Owners of the server may enter every project.'}
      </div>
      <Answer query={members} rows={3}>
        {(all) => (
          <>
            {!all.length && <div>Nobody has a role in this project yet.</div>}
            {all.map((one) => (
              <Group key={one.user} justify="space-between">
                <span>{one.user}</span>
                <Group gap="xs">
                  {mayChange ? (
                    <>
                      <Select
                        aria-label={`Role of ${one.user}`}
                        w={280}
                        data={ROLES}
                        value={one.role}
                        onChange={(now) => now && set.mutate({ user: one.user, role: now as Role })}
                      />
                      <Button
                        variant="default"
                        aria-label={`Take ${one.user} out of the project`}
                        onClick={() => set.mutate({ user: one.user, role: null })}
                      >
                        Take out
                      </Button>
                    </>
                  ) : (
                    <span className="sb-soft">{ROLES.find(({ value }) => value === one.role)?.label}</span>
                  )}
                </Group>
              </Group>
            ))}
          </>
        )}
      </Answer>
      {mayChange && (
        <form onSubmit={add}>
          <Group align="flex-start" gap="xs">
            <Autocomplete
              label="Person"
              style={{ flex: 1 }}
              error={missing.said(user, 'Who is to be let in?')}
              data={(users.data ?? []).map((one) => one.name)}
              value={user}
              onChange={setUser}
            />
            <Select
              label="Role"
              w={280}
              data={ROLES}
              value={role}
              onChange={(now) => now && setRole(now as Role)}
            />
            <Button type="submit" mt={20} loading={set.isPending}>
              Let in
            </Button>
          </Group>
        </form>
      )}
      <ErrorNote error={set.error} />
    </Stack>
  )
}
