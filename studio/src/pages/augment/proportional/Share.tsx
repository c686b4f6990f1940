import { Group, NumberInput, Slider } from '@mantine/core'

interface Props {
  /** What it is the share of: said by screen readers. */
  name: string
  percent: number
  onChange: (percent: number) => void
}

/** A share of 0 to 100 %, by sliding or typing. */
export function Share({ name, percent, onChange }: Props) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Slider
        style={{ flex: 1 }}
        size={4}
        thumbSize={16}
        label={null}
        min={0}
        max={100}
        value={percent}
        onChange={onChange}
        thumbLabel={`${name}: share of the records in percent`}
      />
      <NumberInput
        aria-label={`${name}: percent`}
        w={76}
        size="xs"
        min={0}
        max={100}
        allowDecimal={false}
        clampBehavior="strict"
        suffix=" %"
        value={percent}
        onChange={(now) => onChange(typeof now === 'number' ? now : 0)}
      />
    </Group>
  )
}
