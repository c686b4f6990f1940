import { Button, Group, Input, Slider } from '@mantine/core'
import type { Json } from '../../api/types'

interface Props {
  value: Json | undefined
  error?: string
  onChange: (value: Json | undefined) => void
}

/** How freely the model writes, and what that means; a range is drawn from anew for every call. */
export function Temperature({ value, error, onChange }: Props) {
  if (Array.isArray(value)) {
    return (
      <Input.Wrapper label="Temperature" labelElement="div" error={error}>
        <Group gap="xs">
          <span>
            Drawn anew for each call from {String(value[0])} to {String(value[1])}.
          </span>
          <Button size="compact-sm" variant="default" onClick={() => onChange(0.9)}>
            One value for all
          </Button>
        </Group>
      </Input.Wrapper>
    )
  }
  const number = typeof value === 'number' ? value : 0.9
  return (
    <Input.Wrapper
      label={`Temperature ${number}`}
      labelElement="div"
      description={meaning(number)}
      error={error}
    >
      <Slider
        mt={10}
        mb={6}
        maw={360}
        min={0}
        max={2}
        step={0.1}
        size={4}
        label={null}
        value={number}
        thumbLabel="Temperature"
        onChange={(now) => onChange(Math.round(now * 10) / 10)}
      />
    </Input.Wrapper>
  )
}

function meaning(temperature: number): string {
  if (temperature < 0.3) return 'Nearly the same text every time: many duplicates will be turned away.'
  if (temperature < 0.7) return 'Careful: correct and alike.'
  if (temperature < 1.2) return 'Varied, and still to the point: right for most texts.'
  if (temperature < 1.6) return 'Very varied: some texts will miss the point.'
  return 'Wild: expect nonsense among the texts.'
}
