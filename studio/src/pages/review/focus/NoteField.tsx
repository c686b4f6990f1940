import { Textarea } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useKept } from '../../../parts/draft'
import { kept } from '../kept'
import type { InFocus } from './types'

/** A note about the record; saved when one leaves the field, and kept until then. */
export function NoteField({ store, row, state }: InFocus) {
  const [typed, setTyped, forget] = useKept(kept.note(row), row.note)
  const field = useRef<HTMLTextAreaElement>(null)
  const asked = state.mode === 'note'
  useEffect(() => {
    if (asked) field.current?.focus()
  }, [asked])
  const save = () => {
    forget()
    store.dispatch({ type: 'change', id: row.id, change: { note: typed.trim() } })
    if (store.get().mode === 'note') store.dispatch({ type: 'mode', mode: 'list' })
  }
  return (
    <Textarea
      ref={field}
      aria-label="Note"
      placeholder="Note"
      size="xs"
      autosize
      minRows={1}
      maxRows={8}
      maxLength={10000}
      rightSection={<kbd>N</kbd>}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) {
          event.currentTarget.blur()
        }
      }}
    />
  )
}
