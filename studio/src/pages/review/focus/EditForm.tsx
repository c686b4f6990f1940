import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Json } from '../../../api/types'
import { useDraft } from '../../../parts/draft'
import { asText, asTexts, kept, type TypedText } from '../kept'
import type { InFocus } from './types'

/** Every column of the record as a field; spans of the text move along on the server. What is typed is kept. */
export function EditForm({ store, row, state }: InFocus) {
  const names = [...new Set([state.textColumn, ...Object.keys(row.values)])].filter(
    (name) => name in row.values,
  )
  const now = asTexts(row.values)
  const [draft, setDraft, forget] = useDraft<TypedText>(kept.text(row), { typed: now, of: now })
  const { typed, of } = draft
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const first = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    first.current?.focus()
    const end = first.current?.value.length ?? 0
    first.current?.setSelectionRange(end, end)
  }, [])
  const touched = names.filter((name) => (typed[name] ?? '') !== (of[name] ?? ''))
  const overtaken = touched.some((name) => now[name] !== of[name])
  const close = () => {
    forget()
    store.dispatch({ type: 'mode', mode: 'list' })
  }
  const save = () => {
    const found: Record<string, Json> = {}
    const problems: Record<string, string> = {}
    for (const name of touched) {
      const before = row.values[name] ?? null
      const text = typed[name] ?? ''
      if (name === state.textColumn && asText(before).trim() && !text.trim()) problems[name] = EMPTIED
      else if (typeof before === 'string' || before === null) found[name] = text
      else {
        try {
          found[name] = JSON.parse(text) as Json
        } catch {
          problems[name] = 'This is no JSON. Texts stand in "…".'
        }
      }
    }
    setWrong(problems)
    if (Object.keys(problems).length) return
    if (Object.keys(found).length) store.dispatch({ type: 'change', id: row.id, change: { values: found } })
    close()
  }
  return (
    <Stack gap="sm">
      {draft.refused && (
        <div role="alert" style={{ color: 'var(--sb-decline-ink)' }}>
          Not saved. {draft.refused}
        </div>
      )}
      {overtaken && (
        <div role="status" className="sb-soft">
          The record was changed since you began. This is what you typed; saving it puts it in place of the
          other.
        </div>
      )}
      {names.map((name, place) => (
        <Textarea
          key={name}
          ref={place === 0 ? first : undefined}
          label={name}
          autosize
          minRows={place === 0 ? 4 : 1}
          maxRows={18}
          error={wrong[name]}
          styles={place === 0 ? { input: { fontSize: 'var(--sb-size-read)', lineHeight: 1.65 } } : undefined}
          value={typed[name] ?? ''}
          onChange={(event) => {
            setWrong(({ [name]: _, ...others }) => others)
            setDraft({ of, typed: { ...typed, [name]: event.currentTarget.value } })
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') close()
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
          }}
        />
      ))}
      <Group gap={6}>
        <Button size="compact-md" onClick={save} rightSection={<kbd>Ctrl ↵</kbd>}>
          Save
        </Button>
        <Button size="compact-md" variant="default" onClick={close} rightSection={<kbd>Esc</kbd>}>
          Leave it
        </Button>
      </Group>
    </Stack>
  )
}

const EMPTIED =
  'A record needs its text. Leave this with Esc and decline the record with D, if it is not to be kept.'
