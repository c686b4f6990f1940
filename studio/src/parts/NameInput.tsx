import { TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'

interface Props extends Omit<TextInputProps, 'value' | 'onChange'> {
  /** The name as it is. */
  name: string
  /** The names of the other rows. */
  others: readonly string[]
  onName: (name: string) => void
}

/**
 * The name of a row among others. One that is there already is not taken over: the field keeps it and says why.
 * What is typed on counts again as soon as it is a name of its own.
 */
export function NameInput({ name, others, onName, error, ...rest }: Props) {
  const [typed, setTyped] = useState<{ now: string; of: string } | null>(null)
  const now = typed?.of === name && others.includes(typed.now) ? typed.now : null
  return (
    <TextInput
      {...rest}
      value={now ?? name}
      error={now === null ? error : takenAs(now)}
      onChange={(event) => {
        const wanted = event.currentTarget.value
        const taken = others.includes(wanted)
        setTyped(taken ? { now: wanted, of: name } : null)
        if (!taken) onName(wanted)
      }}
    />
  )
}

/** Why a name cannot be given. */
export function takenAs(name: string): string {
  return name ? `“${name}” is there already: choose another name.` : 'One row has no name yet: name it first.'
}

/** Names with something beside them: all but the one at a place. */
export function othersThan(names: readonly string[], place: number): string[] {
  return names.filter((_, at) => at !== place)
}
