import { ActionIcon, Autocomplete, Group } from '@mantine/core'
import { useState } from 'react'
import type { ModelChoice } from '../../api/types'
import { size } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { takenAs } from '../../parts/NameInput'
import { NumberField } from '../../parts/NumberField'

interface Props {
  model: string
  weight: number
  several: boolean
  choices: ModelChoice[]
  /** The other models. */
  taken: readonly string[]
  error?: string
  onChange: (row: [string, number]) => void
  onRemove: () => void
}

/** One model: a known one, or `connection:model` typed in. */
export function ModelRow({ model, weight, several, choices, taken, error, onChange, onRemove }: Props) {
  const [typed, setTyped] = useState<{ now: string; of: string } | null>(null)
  const again = typed?.of === model && taken.includes(typed.now) ? typed.now : null
  const known = choices.find((one) => one.model === model)
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <Autocomplete
        label={several ? `Model: ${model || 'another'}` : 'Model'}
        description={known ? aboutOf(known) : 'A known one, or connection:model.'}
        placeholder="embedded, or connection:model"
        error={again === null ? error : takenAs(again)}
        style={{ flex: 1 }}
        data={choices.map((one) => one.model)}
        value={again ?? model}
        onChange={(now) => {
          setTyped(taken.includes(now) ? { now, of: model } : null)
          if (now !== model && !taken.includes(now)) onChange([now, weight])
        }}
      />
      {several && (
        <>
          <NumberField
            label="Weight"
            description="share"
            w={90}
            min={0}
            step={1}
            value={weight}
            onChange={(now) => onChange([model, now ?? 0])}
          />
          <ActionIcon size={34} mt={42} aria-label={`Take away ${model || 'this model'}`} onClick={onRemove}>
            <Icon name="close" size={13} />
          </ActionIcon>
        </>
      )}
    </Group>
  )
}

function aboutOf(choice: ModelChoice): string {
  if (choice.local && choice.ready) return `On this computer, free of charge. Good for ${choice.title}.`
  if (choice.local && choice.size !== null)
    return `Fetched the first time (${size(choice.size)}). Good for ${choice.title}.`
  return choice.title
}
