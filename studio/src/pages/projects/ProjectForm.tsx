import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useDeleteProject, useEditProject, useMakeProject } from '../../api/projects'
import type { Project } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { useDraft } from '../../parts/draft'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted } from '../../parts/figures'
import { say } from '../../parts/notes'
import { inProject } from '../../parts/where'

const NONE: Project = {
  id: '',
  title: '',
  description: '',
  created: '',
  version: 0,
  datasets: 0,
  runs: 0,
  records: 0,
  sample: false,
}

/** Whoever puts it away is where they were: the dialog cannot see to that, since it goes with the form. */
function useGoingBack(): void {
  const [from] = useState(() => document.activeElement)
  useEffect(() => () => void setTimeout(() => from instanceof HTMLElement && from.focus()), [from])
}

/** Title and description of a new project, or of one that is there. */
export function ProjectForm({ project, onClose }: { project: Project | null; onClose: () => void }) {
  const [draft, setDraft, forget] = useDraft(`project:${project?.id ?? ''}`, {
    title: project?.title ?? '',
    description: project?.description ?? '',
  })
  const [missing, setMissing] = useState(false)
  useGoingBack()
  const [, go] = useLocation()
  const make = useMakeProject()
  const edit = useEditProject(project ?? NONE)
  const drop = useDeleteProject()
  const close = () => {
    forget()
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setMissing(!draft.title.trim())
    if (!draft.title.trim()) return
    if (project) return edit.mutate(draft, { onSuccess: close })
    make.mutate(draft, {
      onSuccess: (made) => {
        close()
        go(inProject(made.id, 'recipes'))
      },
    })
  }
  return (
    <Modal opened onClose={onClose} title={project ? 'Edit the project' : 'New project'}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Title"
            data-autofocus
            withAsterisk
            error={missing && 'A project needs a title.'}
            value={draft.title}
            onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
          />
          <Textarea
            label="Description"
            description="What the data are for; shown on the project's card."
            autosize
            minRows={2}
            value={draft.description}
            onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
          />
          <ErrorNote error={make.error ?? edit.error ?? drop.error} />
          <Group justify="space-between">
            {project ? (
              <ConfirmButton
                question={`${project.title} is deleted with ${counted(project.datasets, 'dataset')} and ${counted(project.records, 'record')}. This cannot be undone.`}
                verb="Delete the project"
                onConfirm={() =>
                  drop.mutate(project, {
                    onSuccess: () => {
                      say(`${project.title} is deleted.`)
                      close()
                    },
                  })
                }
              >
                Delete
              </ConfirmButton>
            ) : (
              <span />
            )}
            <Button type="submit" loading={make.isPending || edit.isPending}>
              {project ? 'Save' : 'Make the project'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
