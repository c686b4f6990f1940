import { ActionIcon, Box, Group } from '@mantine/core'
import { Link } from 'wouter'
import { useRole } from '../../api/session'
import type { Project } from '../../api/types'
import { counted } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { inProject } from '../../parts/where'
import './projects.css'

/** One project with its numbers; all of the card opens it. */
export function ProjectCard({ project, onEdit }: { project: Project; onEdit: () => void }) {
  const mayEdit = useRole(project.id) === 'owner'
  return (
    <Box className="sb-project" data-sample={project.sample || undefined}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <h2>
          <Link href={inProject(project.id, 'recipes')} className="sb-project-link">
            {project.title || project.id}
          </Link>
        </h2>
        {mayEdit && (
          <ActionIcon className="sb-project-edit" aria-label={`Edit ${project.title}`} onClick={onEdit}>
            <Icon name="edit" />
          </ActionIcon>
        )}
      </Group>
      <p>
        {project.sample && !project.description
          ? 'Works at once, without a key: a good place to start.'
          : project.description || 'No description yet.'}
      </p>
      <Group gap="md" className="sb-meta" mt="auto">
        <span>{counted(project.datasets, 'dataset')}</span>
        <span>{counted(project.runs, 'run')}</span>
        <span>{counted(project.records, 'record')}</span>
      </Group>
    </Box>
  )
}
