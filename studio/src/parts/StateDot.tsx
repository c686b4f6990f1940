const COLOURS: Record<string, string> = {
  todo: 'var(--sb-todo)',
  waiting: 'var(--sb-todo)',
  approved: 'var(--sb-approve)',
  accepted: 'var(--sb-approve)',
  done: 'var(--sb-approve)',
  complete: 'var(--sb-approve)',
  running: 'var(--sb-pine)',
  doing: 'var(--sb-pine)',
  declined: 'var(--sb-decline)',
  rejected: 'var(--sb-decline)',
  failed: 'var(--sb-decline)',
  flagged: 'var(--sb-duplicate)',
  paused: 'var(--sb-duplicate)',
  shortfall: 'var(--sb-duplicate)',
  budget: 'var(--sb-duplicate)',
  interrupted: 'var(--sb-duplicate)',
  cancelled: 'var(--sb-line-strong)',
}

const WORDS: Record<string, string> = { todo: 'to do', doing: 'in progress' }

/** A state as a dot; its word stands beside it, or is read out where only the dot is shown. */
export function StateDot({ state, word = true }: { state: string; word?: boolean }) {
  const open = state === 'running' || state === 'doing'
  const colour = COLOURS[state] ?? 'var(--sb-line-strong)'
  return (
    <span style={{ display: 'inline-flex', alignItems: 'baseline', gap: 7, whiteSpace: 'nowrap' }}>
      <span
        aria-hidden="true"
        style={{
          width: 8,
          height: 8,
          borderRadius: 4,
          flex: 'none',
          alignSelf: 'center',
          background: open ? 'transparent' : colour,
          border: open ? `2px solid ${colour}` : undefined,
        }}
      />
      <span className={word ? undefined : 'sb-hidden'}>{WORDS[state] ?? state}</span>
    </span>
  )
}
