import { ActionIcon, Box, Group, Select, Stack } from '@mantine/core'
import type { TransformPart } from '../../../api/types'
import { Fold } from '../../../parts/Fold'
import { Icon } from '../../../parts/Icon'
import { SchemaForm } from '../../../parts/schema/SchemaForm'
import { CHAIN, type Step } from './plan'
import { OF_A_WHOLE, ownSettings, WORDS } from './words'

interface Props {
  /** The title of what they come after. */
  name: string
  steps: Step[]
  parts: readonly TransformPart[]
  onChange: (steps: Step[]) => void
}

/** What is done to the copy next; a step moves up by its arrow. */
export function Chain({ name, steps, parts, onChange }: Props) {
  const set = (place: number, step: Step) => onChange(steps.map((old, at) => (at === place ? step : old)))
  const choices = parts
    .filter((part) => part.kind !== CHAIN)
    .map((part) => ({ value: part.kind, label: part.title }))
  return (
    <Stack gap={6}>
      {steps.map((step, place) => {
        const part = parts.find((one) => one.kind === step.kind)
        const title = part?.title ?? step.kind
        return (
          <Box key={place} pl={10} style={{ borderLeft: '2px solid var(--sb-approve)' }}>
            <Group justify="space-between" wrap="nowrap" gap={4}>
              <span>
                <span className="sb-soft">then</span> {title}
              </span>
              <Group gap={0} wrap="nowrap">
                {place > 0 && (
                  <ActionIcon
                    size="sm"
                    aria-label={`Do ${title} earlier`}
                    onClick={() => onChange(moved(steps, place))}
                  >
                    <span style={{ display: 'flex', transform: 'rotate(180deg)' }}>
                      <Icon name="down" size={13} />
                    </span>
                  </ActionIcon>
                )}
                <ActionIcon
                  size="sm"
                  aria-label={`Take ${title} out of the chain`}
                  onClick={() => onChange(steps.filter((_, at) => at !== place))}
                >
                  <Icon name="close" size={12} />
                </ActionIcon>
              </Group>
            </Group>
            {part && (
              <Fold title="Its settings">
                <SchemaForm
                  schema={part.schema}
                  value={step.settings}
                  onChange={(settings) => set(place, { ...step, settings })}
                  omit={OF_A_WHOLE}
                  first={ownSettings(part.schema)}
                  words={WORDS}
                />
              </Fold>
            )}
          </Box>
        )
      })}
      <Select
        aria-label={`Then, after ${name}`}
        placeholder="then …"
        size="xs"
        searchable
        clearable
        data={choices}
        value={null}
        nothingFoundMessage="No transform of that name"
        onChange={(kind) => {
          if (kind) onChange([...steps, { kind, settings: {} }])
        }}
      />
    </Stack>
  )
}

function moved(steps: Step[], place: number): Step[] {
  const now = [...steps]
  const [one] = now.splice(place, 1)
  if (one) now.splice(place - 1, 0, one)
  return now
}
