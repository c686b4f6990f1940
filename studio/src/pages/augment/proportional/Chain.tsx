import { Select, Stack } from '@mantine/core'
import type { TransformPart } from '../../../api/types'
import { moved, useOrder } from '../../../parts/useOrder'
import { ChainStep } from './ChainStep'
import { CHAIN, type Step } from './plan'

interface Props {
  /** The title of what they come after. */
  name: string
  steps: Step[]
  parts: readonly TransformPart[]
  onChange: (steps: Step[]) => void
}

/** What is done to the copy next; steps are ordered by dragging, by the arrow keys or by their buttons. */
export function Chain({ name, steps, parts, onChange }: Props) {
  const order = useOrder(steps.length, (from, to) => onChange(moved(steps, from, to)))
  const choices = parts
    .filter((part) => part.kind !== CHAIN)
    .map((part) => ({ value: part.kind, label: part.title }))
  return (
    <Stack gap={8}>
      {steps.length > 0 && (
        <Stack gap={8} ref={order.box}>
          {steps.map((step, place) => (
            <ChainStep
              key={place}
              step={step}
              place={place}
              count={steps.length}
              part={parts.find((one) => one.kind === step.kind)}
              order={order}
              onChange={(now) => onChange(steps.map((old, at) => (at === place ? now : old)))}
              onEarlier={() => onChange(moved(steps, place, place - 1))}
              onRemove={() => onChange(steps.filter((_, at) => at !== place))}
            />
          ))}
        </Stack>
      )}
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
