import { Button, Group } from '@mantine/core'
import { useEffect, useState } from 'react'
import { dropDraft, useDrafts } from '../../parts/draft'
import { counted } from '../../parts/figures'
import { kept } from './kept'
import type { ReviewStore } from './store'
import type { ReviewState } from './types'

interface Props {
  store: ReviewStore
  state: ReviewState
  /** Shows a record that is not among the rows. */
  show: (record: string) => void
}

/** What was typed about records and not saved, because one went elsewhere: where it is, and how to go on. */
export function Unfinished({ store, state, show }: Props) {
  const begin = kept.of(state.dataset)
  const [wanted, setWanted] = useState<string | null>(null)
  const here = state.rows[state.cursor]?.id
  const drafts = useDrafts(begin).filter((name) => !isOpen(name, here, state.mode))
  const [first = ''] = drafts
  useEffect(() => {
    if (wanted === null || idOf(wanted) !== here) return
    setWanted(null)
    if (wanted.startsWith('text:')) store.dispatch({ type: 'mode', mode: 'edit' })
    if (wanted.startsWith('note:')) store.dispatch({ type: 'mode', mode: 'note' })
  }, [wanted, here, store])
  if (!drafts.length) return null
  const goOn = () => {
    const at = state.rows.findIndex((row) => row.id === idOf(first))
    setWanted(first)
    if (at < 0) show(idOf(first))
    else store.dispatch({ type: 'go', to: at, extend: false })
  }
  return (
    <div className="rv-strip" role="status" data-testid="unfinished">
      <Group justify="space-between">
        <span>
          What you typed in {counted(drafts.length, 'place')} is not saved yet: {whatOf(first)} of{' '}
          {idOf(first)}
          {drafts.length > 1 && ' …'}
        </span>
        <Group gap={6}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              for (const name of drafts) dropDraft(begin + name)
            }}
          >
            Throw it away
          </Button>
          <Button size="compact-sm" onClick={goOn}>
            Go on with it
          </Button>
        </Group>
      </Group>
    </div>
  )
}

const WORDS: Record<string, string> = { text: 'the text', note: 'the note', reason: 'the reason' }

function whatOf(name: string): string {
  return WORDS[name.slice(0, name.indexOf(':'))] ?? 'a field'
}

function idOf(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** Whether it is the field that is being typed in. */
function isOpen(name: string, here: string | undefined, mode: string): boolean {
  if (idOf(name) !== here) return false
  if (name.startsWith('text:')) return mode === 'edit'
  return document.activeElement?.matches('input, textarea') === true
}
