import { Box, Button, SimpleGrid } from '@mantine/core'
import { useState } from 'react'
import { useProjects } from '../../api/projects'
import { useOwner } from '../../api/session'
import type { Project } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Empty } from '../../parts/Empty'
import { Icon } from '../../parts/Icon'
import { Notes } from '../../parts/Notes'
import { Page } from '../../parts/Page'
import { ProjectsHead } from '../../shell/ProjectsHead'
import { ProjectCard } from './ProjectCard'
import { ProjectForm } from './ProjectForm'

/** The way in: choose a project, or make one. */
export default function ProjectsPage() {
  const projects = useProjects()
  const owner = useOwner()
  const [edited, setEdited] = useState<Project | 'new' | null>(null)
  return (
    <Box h="100%" style={{ overflowY: 'auto' }}>
      <ProjectsHead />
      <Box component="main" maw={1120} mx="auto">
        <Page
          title="Projects"
          about="A project holds its recipes, runs, datasets and the people who review them."
          actions={
            owner && (
              <Button leftSection={<Icon name="plus" />} variant="default" onClick={() => setEdited('new')}>
                New project
              </Button>
            )
          }
        >
          <Answer query={projects} rows={4}>
            {(all) =>
              all.length === 0 ? (
                <Empty sentence="No project is open to you yet. Whoever owns one lets you in, under its Settings." />
              ) : (
                <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
                  {[...all].sort(sampleFirst).map((project) => (
                    <ProjectCard key={project.id} project={project} onEdit={() => setEdited(project)} />
                  ))}
                </SimpleGrid>
              )
            }
          </Answer>
        </Page>
      </Box>
      {edited && <ProjectForm project={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <Notes />
    </Box>
  )
}

function sampleFirst(a: Project, b: Project): number {
  return Number(b.sample) - Number(a.sample) || a.title.localeCompare(b.title)
}
