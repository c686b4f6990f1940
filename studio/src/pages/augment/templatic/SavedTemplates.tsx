import { Button, Group, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SlotTemplate } from '../../../api/fills'
import { sayProblem } from '../../../api/problem'
import { useSaveTemplate, useTemplates } from '../../../api/templates'
import { say, sayWrong } from '../../../parts/notes'
import { documentOf, type Sentence, sentencesIn } from './draft'

interface Props {
  project: string
  sentences: readonly Sentence[]
  /** So many records of each that comes in. */
  n: number
  onOpen: (templates: SlotTemplate[]) => void
}

/** The sentences kept as a template of the workspace, and those that are kept there. */
export function SavedTemplates({ project, sentences, n, onOpen }: Props) {
  const { data = [] } = useTemplates(project, 'slots')
  const [name, setName] = useState('')
  const old = data.find((one) => one.name === name.trim()) ?? null
  const save = useSaveTemplate(old, project)
  const keep = () =>
    save.mutate(
      { name: name.trim(), document: documentOf(sentences) },
      {
        onSuccess: (one) => say(`Kept as ${one.name}, version ${one.version}.`),
        onError: (error) => sayWrong(sayProblem(error)),
      },
    )
  return (
    <Group gap="md" align="flex-end">
      {data.length > 0 && (
        <Select
          label="Sentences kept before"
          placeholder="Add those of …"
          w={240}
          searchable
          value={null}
          data={data.map((one) => ({ value: one.name, label: one.name }))}
          onChange={(chosen) => {
            const found = data.find((one) => one.name === chosen)
            if (!found) return
            onOpen(sentencesIn(found.document, n))
            setName(found.name)
          }}
        />
      )}
      {sentences.length > 0 && (
        <Group gap={6} align="flex-end" wrap="nowrap">
          <TextInput
            label="Keep these as"
            placeholder="a name, such as greetings"
            w={220}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button
            variant="default"
            loading={save.isPending}
            onClick={() =>
              name.trim()
                ? keep()
                : sayWrong({ detail: 'Give it a name first.', hint: 'For example: greetings' })
            }
          >
            {old ? `Save as version ${old.version + 1}` : 'Save'}
          </Button>
        </Group>
      )}
    </Group>
  )
}
