import { Autocomplete } from '@mantine/core'
import { useEffect, useState } from 'react'

interface Props {
  value: string
  known: string[]
  set: (person: string) => void
}

/** Who is to do a task. */
export function Person({ value, known, set }: Props) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  return (
    <Autocomplete
      label="Assigned to"
      size="xs"
      placeholder="nobody yet"
      maxLength={100}
      data={known}
      value={typed}
      onChange={setTyped}
      onOptionSubmit={set}
      onBlur={() => typed.trim() !== value && set(typed.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
