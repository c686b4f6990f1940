import { MultiSelect } from '@mantine/core'
import { useProjects } from '../../api/projects'
import type { ConnectionBody } from '../../api/types'

interface Props {
  body: ConnectionBody
  onChange: (more: ConnectionBody) => void
  here: string
}

/** Which projects may use it; none chosen: all. */
export function ProjectsField({ body, onChange, here }: Props) {
  const projects = useProjects().data ?? []
  const chosen = body.projects ?? []
  return (
    <MultiSelect
      label="Projects"
      description={
        chosen.length && !chosen.includes(here)
          ? 'This project may not use it.'
          : 'None chosen: all may use it.'
      }
      placeholder={chosen.length ? undefined : 'All projects'}
      data={projects.map((one) => ({ value: one.id, label: one.title }))}
      value={chosen}
      onChange={(now) => onChange({ projects: now })}
    />
  )
}
