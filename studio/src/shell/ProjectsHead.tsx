import { Group } from '@mantine/core'
import { OfflineLine } from './OfflineLine'
import { ThemeToggle } from './ThemeToggle'
import { Who } from './Who'

/** The line above the projects, where there is no sidebar yet. */
export function ProjectsHead() {
  return (
    <header>
      <OfflineLine />
      <Group justify="space-between" px={32} py={12} style={{ borderBottom: '1px solid var(--sb-line)' }}>
        <Group gap={9} fw={650} fz={15}>
          <img src="/icon.svg" alt="" width={19} height={19} />
          Seedbed
        </Group>
        <Group gap="sm">
          <Who />
          <ThemeToggle />
        </Group>
      </Group>
    </header>
  )
}
