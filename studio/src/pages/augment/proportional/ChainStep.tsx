import { ActionIcon, Box, Group } from '@mantine/core'
import type { TransformPart } from '../../../api/types'
import { Fold } from '../../../parts/Fold'
import { Icon } from '../../../parts/Icon'
import { SchemaForm } from '../../../parts/schema/SchemaForm'
import type { useOrder } from '../../../parts/useOrder'
import type { Step } from './plan'
import { OF_A_WHOLE, ownSettings, WORDS } from './words'

interface Props {
  step: Step
  place: number
  count: number
  part: TransformPart | undefined
  order: ReturnType<typeof useOrder>
  onChange: (step: Step) => void
  onEarlier: () => void
  onRemove: () => void
}

/** One step of a chain: its grip, its buttons, its settings. */
export function ChainStep({ step, place, count, part, order, onChange, onEarlier, onRemove }: Props) {
  const title = part?.title ?? step.kind
  const { drag } = order
  const gap = drag && drag.gap !== drag.from && drag.gap !== drag.from + 1 ? drag.gap : null
  return (
    <Box
      className="sb-step"
      data-place={place}
      data-dragged={drag?.from === place || undefined}
      data-gap={gap === place ? 'before' : gap === count && place === count - 1 ? 'after' : undefined}
    >
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Group gap={4} wrap="nowrap">
          {count > 1 && (
            <ActionIcon
              size="sm"
              className="sb-grip"
              aria-label={`Move ${title}: step ${place + 1} of ${count}. Drag it, or press the arrows up and down`}
              {...order.grip(place)}
            >
              <Icon name="grip" size={13} />
            </ActionIcon>
          )}
          <span>
            <span className="sb-soft">then</span> {title}
          </span>
        </Group>
        <Group gap={0} wrap="nowrap">
          {place > 0 && (
            <ActionIcon size="sm" aria-label={`Do ${title} earlier`} onClick={onEarlier}>
              <span style={{ display: 'flex', transform: 'rotate(180deg)' }}>
                <Icon name="down" size={13} />
              </span>
            </ActionIcon>
          )}
          <ActionIcon size="sm" aria-label={`Take ${title} out of the chain`} onClick={onRemove}>
            <Icon name="close" size={12} />
          </ActionIcon>
        </Group>
      </Group>
      {part && (
        <Fold title="Its settings">
          <SchemaForm
            schema={part.schema}
            value={step.settings}
            onChange={(settings) => onChange({ ...step, settings })}
            omit={OF_A_WHOLE}
            first={ownSettings(part.schema)}
            words={WORDS}
          />
        </Fold>
      )}
    </Box>
  )
}
