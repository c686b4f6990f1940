import { Badge, Button, Group } from '@mantine/core'
import { useEffect, useMemo } from 'react'
import { type RecordChange, type ReviewCounts, useAbout } from '../../api/records'
import type { ReviewRecord, Work } from '../../api/types'
import { draftOf } from '../../parts/draft'
import { Icon } from '../../parts/Icon'
import { EditForm } from '../review/focus/EditForm'
import { Labels } from '../review/focus/Labels'
import { NoteField } from '../review/focus/NoteField'
import { SpanText } from '../review/focus/SpanText'
import { Tags } from '../review/focus/Tags'
import { kept } from '../review/kept'
import { elsewhere, inSpans } from '../review/keyboard'
import { Person } from './Person'
import { useTaskFocus } from './useTaskFocus'

interface Props {
  row: ReviewRecord
  change: (row: ReviewRecord, wanted: RecordChange) => void
  next: () => void
  counts: ReviewCounts | undefined
}

const WORDS: Record<string, string> = { todo: 'to do', doing: 'in progress', done: 'done' }

/** One task: label it, mark its words, correct its text, finish it. */
export function OpenTask({ row: given, change, next, counts }: Props) {
  const about = useAbout(given.dataset)
  const { store, state, row } = useTaskFocus(given, about.data?.text_column ?? 'text', change)
  const labels = useMemo(
    () =>
      about.data?.label_column
        ? Object.keys(about.data.counts[about.data.label_column] ?? {})
            .filter(Boolean)
            .sort()
        : [],
    [about.data],
  )
  const spanLabels = useMemo(() => Object.keys(about.data?.span_labels ?? {}).sort(), [about.data])
  const known = Object.keys(counts?.by.person ?? {}).filter(Boolean)
  const finish = () => {
    store.dispatch({ type: 'change', change: { work: 'done' } })
    next()
  }
  const set = (work: Work) => store.dispatch({ type: 'change', change: { work } })

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || elsewhere(event.target)) return
      const now = store.get()
      const ground = { labels, spanLabels, search: () => undefined, page: 10 }
      if (now.mode === 'spans' && inSpans(event, store, now, ground)) return event.preventDefault()
      const modes: Record<string, 'spans' | 'edit' | 'tag' | 'note'> = {
        s: 'spans',
        e: 'edit',
        t: 'tag',
        n: 'note',
      }
      const mode = modes[event.key]
      const label = /^[1-9]$/.test(event.key) ? labels[Number(event.key) - 1] : undefined
      if (mode) store.dispatch({ type: 'mode', mode })
      else if (event.key === 'Escape') store.dispatch({ type: 'mode', mode: 'list' })
      else if (label !== undefined) store.dispatch({ type: 'change', change: { label } })
      else if (event.key === 'f') {
        store.dispatch({ type: 'change', change: { work: 'done' } })
        next()
      } else return
      event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [store, labels, spanLabels, next])

  const typed = kept.text(row)
  useEffect(() => {
    if (draftOf(typed) !== undefined) store.dispatch({ type: 'mode', mode: 'edit' })
  }, [store, typed])

  const shared = { store, state, row }
  return (
    <>
      <div className="rv-pane">
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <span className="sb-meta" style={{ overflowWrap: 'anywhere' }}>
            <span className="rv-tag" style={{ paddingRight: 8 }}>
              {row.source}
            </span>{' '}
            {[row.dataset, row.model].filter(Boolean).join(' · ')}
          </span>
          <Badge variant="light" color={row.work === 'done' ? 'pine' : 'gray'} style={{ flex: 'none' }}>
            {WORDS[row.work] ?? row.work}
          </Badge>
        </Group>
        {state.mode === 'edit' ? <EditForm {...shared} /> : <SpanText {...shared} labels={spanLabels} />}
        <Labels {...shared} labels={labels} />
        <Tags {...shared} />
        <NoteField {...shared} />
        <Person
          value={row.person}
          known={known}
          set={(person) => store.dispatch({ type: 'change', change: { person } })}
        />
      </div>
      <div className="rv-foot">
        <Group gap={8} wrap="nowrap">
          {row.work === 'doing' ? (
            <Button flex={1} variant="default" onClick={() => set('todo')}>
              Put back
            </Button>
          ) : (
            <Button flex={1} variant="default" onClick={() => set(row.work === 'done' ? 'todo' : 'doing')}>
              {row.work === 'done' ? 'Open again' : 'Work on it'}
            </Button>
          )}
          {row.work !== 'done' && (
            <Button
              flex={1}
              leftSection={<Icon name="check" size={13} />}
              rightSection={<kbd>F</kbd>}
              onClick={finish}
            >
              Finish
            </Button>
          )}
        </Group>
        <Group gap={2} mt={8} ml={-6}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            px={6}
            leftSection={<kbd>E</kbd>}
            onClick={() => store.dispatch({ type: 'mode', mode: 'edit' })}
          >
            edit
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            px={6}
            leftSection={<kbd>S</kbd>}
            onClick={() => store.dispatch({ type: 'mode', mode: state.mode === 'spans' ? 'list' : 'spans' })}
          >
            mark
          </Button>
        </Group>
      </div>
    </>
  )
}
