import { useState } from 'react'
import { useRecordHistory, type WholeRecord } from '../../../api/records'
import type { Json, ReviewRecord } from '../../../api/types'
import { Answer } from '../../../parts/Answer'
import { ErrorNote } from '../../../parts/ErrorNote'
import { Fold } from '../../../parts/Fold'
import { ago } from '../../../parts/figures'
import type { ReviewState } from '../types'
import { Alike } from './Alike'

interface Props {
  row: ReviewRecord
  whole: WholeRecord | undefined
  state: ReviewState
  error: unknown
}

const VERY_LIKE = 0.7

/** What is folded away: other columns, those like it, where it comes from, what happened to it. */
export function More({ row, whole, state, error }: Props) {
  const others = Object.entries(row.values).filter(([name]) => name !== state.textColumn && name !== 'label')
  const like = whole?.duplicates ?? []
  const likest = like[0]?.likeness ?? 0
  return (
    <>
      {others.length > 0 && (
        <Fold
          title="Other columns"
          note={others
            .map(([name]) => name)
            .join(', ')
            .slice(0, 40)}
        >
          <Facts facts={others} />
        </Fold>
      )}
      {like.length > 0 && (
        <Fold title="Most like it" note={`${Math.round(100 * likest)} %`} open={likest >= VERY_LIKE}>
          <Alike row={row} like={like} />
        </Fold>
      )}
      {whole && (
        <Fold title="Where it comes from" note={String(whole.origin.recipe ?? whole.origin.run ?? '')}>
          <Facts facts={Object.entries(whole.origin).filter(([, value]) => !isNothing(value))} />
        </Fold>
      )}
      {row.changed && (
        <Fold title="What happened to it">
          <History row={row} />
        </Fold>
      )}
      {error !== null && <ErrorNote error={error} />}
    </>
  )
}

function isNothing(value: Json): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

function Facts({ facts }: { facts: [string, Json][] }) {
  return (
    <dl className="rv-facts">
      {facts.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
    </dl>
  )
}

const LONG = 600

function Fact({ name, value }: { name: string; value: Json }) {
  const [all, setAll] = useState(false)
  const text = said(value)
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {all || text.length <= LONG ? text : `${text.slice(0, LONG)}… `}
        {!all && text.length > LONG && (
          <button type="button" className="rv-chip" onClick={() => setAll(true)}>
            all of it
          </button>
        )}
      </dd>
    </>
  )
}

/** A value as lines a person can read. */
function said(value: Json): string {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(said).join('\n')
  if ('role' in value && 'content' in value)
    return `${said(value.role ?? null)}: ${said(value.content ?? null)}`
  return Object.entries(value)
    .filter(([, one]) => !isNothing(one))
    .map(([name, one]) => `${name}: ${said(one)}`)
    .join('\n')
}

function History({ row }: { row: ReviewRecord }) {
  const history = useRecordHistory(row.id, row.version)
  return (
    <Answer query={history} rows={2}>
      {(all) => (
        <ul style={{ margin: 0, paddingLeft: 16 }}>
          {all.map((one, place) => (
            <li key={place} style={{ overflowWrap: 'anywhere' }}>
              {Object.entries(one.after)
                .map(([name, value]) => `${name}: ${said(value).slice(0, 80) || 'none'}`)
                .join(', ')}
              <span className="sb-meta">
                {' '}
                · {one.by || 'a person'}, {ago(one.at)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Answer>
  )
}
