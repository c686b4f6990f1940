import { TagsInput, type TagsInputProps } from '@mantine/core'
import { useRef, useState } from 'react'
import { takenAs } from './NameInput'

/** Words, each once: one that is there already stays in the field as it was typed, and the field says why. */
export function TagsField({ error, ...rest }: TagsInputProps) {
  const [typed, setTyped] = useState('')
  const [again, setAgain] = useState<string | null>(null)
  // The library empties its field right after it has told of one that is there already.
  const kept = useRef<string | null>(null)
  return (
    <TagsInput
      {...rest}
      searchValue={typed}
      onSearchChange={(now) => {
        const shown = now === '' ? (kept.current ?? '') : now
        kept.current = null
        setTyped(shown)
        setAgain((before) => (before === shown ? before : null))
      }}
      isDuplicate={(now, all) => all.includes(now)}
      onDuplicate={(now) => {
        kept.current = now
        setAgain(now)
      }}
      error={again === null ? error : takenAs(again)}
    />
  )
}
