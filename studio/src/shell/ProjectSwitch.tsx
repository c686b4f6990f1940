import { Menu, UnstyledButton } from '@mantine/core'
import { useLocation } from 'wouter'
import { useProjects } from '../api/projects'
import { Icon } from '../parts/Icon'
import { inProject } from '../parts/where'

/** The project one is in, and the way to another. */
export function ProjectSwitch({ project }: { project: string }) {
  const { data = [] } = useProjects()
  const [, go] = useLocation()
  const title = data.find((one) => one.id === project)?.title ?? project
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton
          px={10}
          h={34}
          className="sb-panel"
          style={{
            display: 'flex',
            alignItems: 'center',
            justifyContent: 'space-between',
            gap: 8,
            width: '100%',
          }}
          aria-label={`Project: ${title}. Choose another`}
        >
          <span className="sb-one-line">{title}</span>
          <Icon name="down" size={13} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {data.map((one) => (
          <Menu.Item key={one.id} onClick={() => go(inProject(one.id, 'recipes'))}>
            {one.title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => go('/projects')}>All projects</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
