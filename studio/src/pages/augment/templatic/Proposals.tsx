import { Box, Button, Group, NumberInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useModels } from '../../../api/choices'
import { usePropose } from '../../../api/fills'
import { ErrorNote } from '../../../parts/ErrorNote'
import { counted } from '../../../parts/figures'
import { Icon } from '../../../parts/Icon'
import { ModelField } from '../../../parts/ModelField'
import { SlotInput } from './SlotInput'

interface Props {
  project: string
  dataset: string | null
  slots: readonly string[]
  /** A sentence to write others after. */
  example: string
  onAccept: (text: string) => void
}

/** Sentences that a model proposes, looked at one by one: accept, change, decline. */
export function Proposals({ project, dataset, slots, example, onAccept }: Props) {
  const models = useModels(project)
  const propose = usePropose()
  const [model, setModel] = useState<string | null>(null)
  const [n, setN] = useState(5)
  const [waiting, setWaiting] = useState<string[]>([])
  const [total, setTotal] = useState(0)
  const [said, setSaid] = useState('')
  const choices = models.data ?? []
  const chosen = model ?? choices[0]?.model ?? ''
  const [current, ...rest] = waiting
  const ask = () => {
    if (!chosen.trim()) return setSaid('Name a model first.')
    setSaid('')
    const what = example
      ? { example }
      : slots.length
        ? { labels: [...slots] }
        : { dataset: dataset ?? undefined }
    propose.mutate(
      { model: chosen.trim(), n, ...what },
      {
        onSuccess: (sentences) => {
          setWaiting(sentences)
          setTotal(sentences.length)
          if (!sentences.length)
            setSaid('The model wrote no sentence with these slots. Ask again, or ask another model.')
        },
      },
    )
  }
  const decide = (accept: boolean) => {
    if (accept && current?.trim()) onAccept(current)
    setWaiting(rest)
    if (!rest.length) setSaid(`All ${counted(total, 'proposal')} looked at.`)
  }
  if (current !== undefined) {
    return (
      <Stack gap="sm">
        <SlotInput
          label={`Proposal ${total - rest.length} of ${total}`}
          description="Change it here if you like."
          value={current}
          onChange={(text) => setWaiting([text, ...rest])}
          onEnter={() => decide(true)}
        />
        <Group gap="xs">
          <Button leftSection={<Icon name="check" size={14} />} onClick={() => decide(true)}>
            Accept
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="close" size={14} />}
            onClick={() => decide(false)}
          >
            Decline
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <Box flex={1} maw={380}>
          <ModelField label="Model" choices={choices} value={chosen} onChange={setModel} />
        </Box>
        <NumberInput
          label="How many"
          w={90}
          min={1}
          max={50}
          allowDecimal={false}
          value={n}
          onChange={(now) => setN(typeof now === 'number' ? now : 5)}
        />
        <Button variant="default" loading={propose.isPending} onClick={ask}>
          Propose sentences
        </Button>
      </Group>
      <div className="sb-meta" role="status">
        {said || 'They have the slots of your first sentence; a small model takes some seconds for each.'}
      </div>
      {propose.error && <ErrorNote error={propose.error} />}
    </Stack>
  )
}
