import { Button, Group, SegmentedControl, SimpleGrid, Stack, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useLocation } from 'wouter'
import { useRole } from '../../api/session'
import { useDeleteTemplate, useSaveTemplate } from '../../api/templates'
import type { Template } from '../../api/types'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { useDraft } from '../../parts/draft'
import { ErrorNote } from '../../parts/ErrorNote'
import { useMissing } from '../../parts/missing'
import { say } from '../../parts/notes'
import { inProject, useProjectId } from '../../parts/where'
import { PromptFields } from './PromptFields'
import { SlotFields } from './SlotFields'
import { TryTemplate } from './TryTemplate'
import { slotTexts, type TemplateDocument } from './templateText'

interface Props {
  /** The newest version, which a save follows; null for a new template. */
  latest: Template | null
  /** The version to begin with. */
  shown: Template | null
}

interface Draft {
  name: string
  document: TemplateDocument
}

/** A template's text, and beside it what comes of it with values. */
export function TemplateEditor({ latest, shown }: Props) {
  const project = useProjectId()
  const [, go] = useLocation()
  const start: Draft = { name: shown?.name ?? '', document: shown?.document ?? { prompt: '' } }
  const [draft, setDraft, forget] = useDraft(
    `template:${project}:${shown?.name ?? ''}:${shown?.version ?? 0}`,
    start,
  )
  const save = useSaveTemplate(latest, project)
  const drop = useDeleteTemplate()
  const mayEdit = useRole(project) !== 'reviewer'
  const slots = draft.document.type === 'slots'
  const change = (document: TemplateDocument) => setDraft({ ...draft, document })
  const missing = useMissing()
  const written = slots ? slotTexts(draft.document).join('') : String(draft.document.prompt ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(event.currentTarget as Element, draft.name, written)) return
    // Not `onSuccess`: the editor of the new version may stand in this one's place before that is called.
    save.mutateAsync(draft).then(
      (saved) => {
        forget()
        say(`${saved.name} is saved as version ${saved.version}.`)
        go(inProject(project, 'templates', saved.name))
      },
      () => undefined, // it is shown as `save.error`
    )
  }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing={32}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {!latest && (
            <>
              <SegmentedControl
                aria-label="Kind of template"
                data={[
                  { value: 'prompt', label: 'Prompt for a model' },
                  { value: 'slots', label: 'Sentences with slots' },
                ]}
                value={slots ? 'slots' : 'prompt'}
                onChange={(kind) =>
                  change(kind === 'slots' ? { type: 'slots', items: [''] } : { prompt: '' })
                }
              />
              <TextInput
                label="Name"
                withAsterisk
                error={missing.said(draft.name, 'A template needs a name.')}
                value={draft.name}
                onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
              />
            </>
          )}
          {slots ? (
            <SlotFields
              document={draft.document}
              error={missing.said(written, 'Write a sentence first.')}
              onChange={change}
            />
          ) : (
            <PromptFields
              document={draft.document}
              error={missing.said(written, 'Write the prompt first.')}
              onChange={change}
            />
          )}
          <ErrorNote error={save.error ?? drop.error} />
          {!mayEdit && (
            <div className="sb-soft">
              Editors of the project change templates; what you write here is only tried.
            </div>
          )}
          {mayEdit && (
            <Group justify="space-between">
              {latest ? (
                <ConfirmButton
                  question={`${latest.name} is deleted with all its versions. Recipes that use it will not run any more.`}
                  verb="Delete the template"
                  onConfirm={() =>
                    drop.mutate(latest, { onSuccess: () => go(inProject(project, 'templates')) })
                  }
                >
                  Delete
                </ConfirmButton>
              ) : (
                <span />
              )}
              <Button type="submit" loading={save.isPending}>
                {latest ? 'Save as a new version' : 'Save'}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      <TryTemplate document={draft.document} />
    </SimpleGrid>
  )
}
