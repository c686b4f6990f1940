import { NumberInput, type NumberInputProps } from '@mantine/core'
import { useState } from 'react'

interface Props extends Omit<NumberInputProps, 'value' | 'onChange'> {
  value: number | undefined
  /** `undefined`: there is no number in the field. */
  onChange: (value: number | undefined) => void
}

/**
 * A number as it is typed: a point at its end, or more digits than the browser can count with, stay in the field.
 * Whether it is too small or too large says who checks it; nothing is made another number meanwhile.
 */
export function NumberField({ value, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState<{ now: string; of: number | undefined } | null>(null)
  return (
    <NumberInput
      {...rest}
      clampBehavior="none"
      value={typed && Object.is(typed.of, value) ? typed.now : (value ?? '')}
      onChange={(given) => {
        const number = given === '' ? Number.NaN : Number(given)
        const now = Number.isFinite(number) ? number : undefined
        setTyped(typeof given === 'string' && given !== '' ? { now: given, of: now } : null)
        onChange(now)
      }}
    />
  )
}
