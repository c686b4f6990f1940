import { count, counted } from '../../parts/figures'
import type { ReviewState } from './types'

/** "1,409 of 5,000 reviewed", and what is not saved yet. */
export function Progress({ state }: { state: ReviewState }) {
  const { counts, writes, held } = state
  const decision = counts?.by.decision ?? {}
  const total = counts?.total ?? 0
  const parts = [
    counts
      ? `${count(counts.reviewed)} of ${count(total)} reviewed`
      : state.problem === null
        ? 'Counting'
        : '',
    decision.approved ? `${count(decision.approved)} approved` : '',
    decision.declined ? `${count(decision.declined)} declined` : '',
    decision.flagged ? `${count(decision.flagged)} flagged` : '',
  ]
  return (
    <span className="sb-figures">
      <span data-testid="progress">{parts.filter(Boolean).join(' · ')}</span>
      {counts?.waiting ? ` · ${counted(counts.waiting, 'record')} still being taken in` : ''}
      {parts.some(Boolean) && ' · '}
      <span
        data-testid="saved"
        style={held ? { color: 'var(--sb-decline-ink)', fontWeight: 600 } : undefined}
        role={held ? 'status' : undefined}
      >
        {writes.length ? `${count(writes.length)} not saved yet` : state.problem === null ? 'all saved' : ''}
      </span>
    </span>
  )
}
