import { Button } from '@mantine/core'
import type { InFocus } from './types'

/** The label may be wrong: which fits better, and how sure that is. */
export function Doubt({ store, row }: InFocus) {
  if (!row.suggested || row.decision !== 'flagged' || row.suggested === row.label) return null
  const suggested = row.suggested
  return (
    <div className="rv-note">
      <div>
        <strong style={{ fontWeight: 600 }}>{suggested}</strong> may fit better than {row.label || 'no label'}
        {row.doubt ? ' ' : null}
        {row.doubt ? (
          <span className="sb-meta" style={{ whiteSpace: 'nowrap' }}>
            ({Math.round(100 * row.doubt)} % doubt)
          </span>
        ) : null}
      </div>
      <Button
        size="compact-sm"
        maw="100%"
        mt={8}
        mr={8}
        rightSection={<kbd>Y</kbd>}
        onClick={() =>
          store.dispatch({ type: 'change', change: { label: suggested, decision: 'approved' }, moveOn: true })
        }
      >
        <span className="sb-one-line">Accept {suggested}</span>
      </Button>
      <Button
        size="compact-sm"
        maw="100%"
        mt={8}
        variant="default"
        rightSection={<kbd>A</kbd>}
        onClick={() => store.dispatch({ type: 'change', change: { decision: 'approved' }, moveOn: true })}
      >
        <span className="sb-one-line">Keep {row.label || 'it'}</span>
      </Button>
    </div>
  )
}
