import { ActionIcon, Group, Slider, Textarea } from '@mantine/core'
import { counted } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { NameInput } from '../../parts/NameInput'

interface Props {
  place: number
  name: string
  /** The names of the other labels. */
  others: readonly string[]
  about: string
  ratio: number
  /** How many records; null where the weight is of something else. */
  count: number | null
  onName: (name: string) => void
  onAbout: (about: string) => void
  onRatio: (ratio: number) => void
  onRemove: () => void
}

const MOST = 5

/** One label: its name, what it means, its weight. */
export function LabelRow(props: Props) {
  const { place, name, others, about, ratio, count, onName, onAbout, onRatio, onRemove } = props
  return (
    <div className="sb-label-row">
      <div>
        <Group gap={10} wrap="nowrap">
          <NameInput
            aria-label={`Label ${place + 1}: name`}
            w={180}
            name={name}
            others={others}
            onName={onName}
          />
          <Slider
            style={{ flex: 1 }}
            min={0}
            max={Math.max(MOST, Math.ceil(ratio))}
            step={0.5}
            size={4}
            label={null}
            value={ratio}
            onChange={onRatio}
            thumbLabel={`Weight of ${name}`}
          />
          <span
            className="sb-meta"
            style={{ width: 108, whiteSpace: 'nowrap', textAlign: 'right', color: 'var(--sb-ink)' }}
          >
            {count === null ? `weight ${ratio}` : counted(count, 'record')}
          </span>
        </Group>
        <Textarea
          mt={6}
          aria-label={`Label ${place + 1}: what it means`}
          placeholder="What it means, in a few words"
          autosize
          minRows={1}
          maxRows={5}
          value={about}
          onChange={(event) => onAbout(event.currentTarget.value)}
        />
      </div>
      <ActionIcon size={34} aria-label={`Take away the label ${name}`} onClick={onRemove}>
        <Icon name="close" size={13} />
      </ActionIcon>
    </div>
  )
}
