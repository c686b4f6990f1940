import { Autocomplete, Group, UnstyledButton } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../../parts/Icon'
import type { InFocus } from './types'

/** How a record came to be is no matter of taste: the server keeps these tags. */
const STAYS = new Set(['synthetic', 'augmented'])

/** Tags of the record; `T` goes to the field, Enter adds. */
export function Tags({ store, row, state }: InFocus) {
  const [typed, setTyped] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const asked = state.mode === 'tag'
  useEffect(() => {
    if (asked) field.current?.focus()
  }, [asked])
  const known = Object.keys(state.counts?.by.tag ?? {}).filter((tag) => !row.tags.includes(tag))
  const add = (tag: string) => {
    const word = tag.trim()
    setTyped('')
    if (word && !row.tags.includes(word)) {
      store.dispatch({ type: 'change', id: row.id, change: { tags: [...row.tags, word] } })
    }
  }
  const remove = (tag: string) =>
    store.dispatch({ type: 'change', id: row.id, change: { tags: row.tags.filter((one) => one !== tag) } })
  return (
    <Group gap={6} align="center">
      {row.tags.map((tag) => (
        <span key={tag} className="rv-tag">
          {tag}
          {!STAYS.has(tag) && (
            <UnstyledButton
              aria-label={`Remove the tag ${tag}`}
              onClick={() => remove(tag)}
              px={3}
              style={{ lineHeight: 1 }}
            >
              <Icon name="close" size={10} />
            </UnstyledButton>
          )}
        </span>
      ))}
      <Autocomplete
        ref={field}
        aria-label="Add a tag"
        placeholder="Add a tag"
        size="xs"
        w={150}
        maxLength={100}
        rightSection={<kbd>T</kbd>}
        limit={8}
        data={known}
        value={typed}
        onChange={setTyped}
        onOptionSubmit={add}
        onBlur={() => store.get().mode === 'tag' && store.dispatch({ type: 'mode', mode: 'list' })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault()
            add(event.currentTarget.value)
            event.currentTarget.blur()
          }
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
    </Group>
  )
}
