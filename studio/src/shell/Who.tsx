import { Menu, UnstyledButton } from '@mantine/core'
import { useLogout, useSession } from '../api/session'
import { Icon } from '../parts/Icon'

/** Who is logged in, and the way out. */
export function Who() {
  const { data } = useSession()
  const logout = useLogout()
  if (!data || data.local || !data.user) return <span className="sb-meta">on this computer</span>
  return (
    <Menu position="top-start">
      <Menu.Target>
        <UnstyledButton className="sb-meta sb-one-line" style={{ color: 'var(--sb-ink)' }}>
          {data.user.name}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="out" />} onClick={() => logout.mutate()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
