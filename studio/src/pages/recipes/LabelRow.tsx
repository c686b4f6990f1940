import { ActionIcon, Group, Slider, Textarea } from '@mantine/core'
import { Icon } from '../../parts/Icon'
import { NameInput } from '../../parts/NameInput'

interface Props {
  place: number
  name: string
  /** The names of the other labels. */
  others: readonly string[]
  about: string
  error: string | undefined
  /** Null where labels have no weights. */
  ratio: number | null
  /** What the weight comes to: "8 records"; null where only the run can tell. */
  comesTo: string | null
  onName: (name: string) => void
  onAbout: (about: string) => void
  onRatio: (ratio: number) => void
  onRemove: () => void
}

const MOST = 5

/** One label: its name, what it means, its weight. */
export function LabelRow(props: Props) {
  const { place, name, others, about, error, ratio, comesTo, onName, onAbout, onRatio, onRemove } = props
  return (
    <div className="sb-label-row">
      <div>
        <Group gap={10}>
          <NameInput
            aria-label={`Label ${place + 1}: name`}
            w={ratio === null ? undefined : 180}
            style={{ flex: ratio === null ? 1 : undefined }}
            name={name}
            error={error}
            others={others}
            onName={onName}
          />
          {ratio !== null && (
            <>
              <Slider
                style={{ flex: 1, minWidth: 96 }}
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
                {comesTo ?? `weight ${ratio}`}
              </span>
            </>
          )}
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
