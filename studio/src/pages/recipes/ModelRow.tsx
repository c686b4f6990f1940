import { ActionIcon, Autocomplete, Group, NumberInput } from '@mantine/core'
import type { ModelChoice } from '../../api/types'
import { size } from '../../parts/figures'
import { Icon } from '../../parts/Icon'

interface Props {
  model: string
  weight: number
  several: boolean
  choices: ModelChoice[]
  taken: string[]
  error?: string
  onChange: (row: [string, number]) => void
  onRemove: () => void
}

/** One model: a known one, or `connection:model` typed in. */
export function ModelRow({ model, weight, several, choices, taken, error, onChange, onRemove }: Props) {
  const known = choices.find((one) => one.model === model)
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <Autocomplete
        label={several ? `Model: ${model || 'another'}` : 'Model'}
        description={known ? aboutOf(known) : 'A known one, or connection:model.'}
        placeholder="embedded, or connection:model"
        error={error}
        style={{ flex: 1 }}
        data={choices.map((one) => one.model)}
        value={model}
        onChange={(now) => {
          if (now === model || !taken.includes(now)) onChange([now, weight])
        }}
      />
      {several && (
        <>
          <NumberInput
            label="Weight"
            description="share"
            w={90}
            min={0}
            step={1}
            value={weight}
            onChange={(now) => onChange([model, typeof now === 'number' ? now : 0])}
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
