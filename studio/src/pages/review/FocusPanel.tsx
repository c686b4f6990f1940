import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useRecord } from '../../api/records'
import { Waiting } from '../../parts/Waiting'
import { Decisions } from './focus/Decisions'
import { Doubt } from './focus/Doubt'
import { EditForm } from './focus/EditForm'
import { Heading } from './focus/Heading'
import { Labels } from './focus/Labels'
import { More } from './focus/More'
import { NoteField } from './focus/NoteField'
import { Reason } from './focus/Reason'
import { SpanText } from './focus/SpanText'
import { Tags } from './focus/Tags'
import { useReadOn } from './readOn'
import type { ReviewStore } from './store'
import type { ReviewState } from './types'

interface Props {
  store: ReviewStore
  state: ReviewState
  labels: string[]
  spanLabels: string[]
}

const SETTLED = 150

/** The record in focus: all of it, and what can be done with it. */
export function FocusPanel({ store, state, labels, spanLabels }: Props) {
  const row = state.rows[state.cursor]
  const [settled] = useDebouncedValue(row?.id ?? null, SETTLED)
  const whole = useRecord(settled)
  useEffect(() => {
    if (whole.data) store.dispatch({ type: 'fresh', record: whole.data })
  }, [store, whole.data])
  const pane = useRef<HTMLDivElement>(null)
  const id = row?.id
  useEffect(() => {
    if (id) pane.current?.scrollTo(0, 0)
  }, [id])
  useReadOn(pane)
  if (!row) {
    return (
      <section className="rv-focus" aria-label="Record in focus">
        <div className="rv-pane">
          {state.next === undefined && state.problem === null && <Waiting rows={5} />}
        </div>
      </section>
    )
  }
  const shared = { store, row, state }
  return (
    <section className="rv-focus" aria-label="Record in focus">
      <div className="rv-pane" ref={pane}>
        <Heading row={row} at={state.cursor} />
        {state.mode === 'edit' ? (
          <EditForm key={row.id} {...shared} />
        ) : (
          <SpanText {...shared} labels={spanLabels} />
        )}
        <Doubt {...shared} />
        <Labels {...shared} labels={labels} />
        <Reason {...shared} />
        <Tags {...shared} />
        <NoteField {...shared} />
        <More
          row={row}
          whole={whole.data?.id === row.id ? whole.data : undefined}
          state={state}
          error={whole.error}
        />
      </div>
      <Decisions {...shared} />
    </section>
  )
}
