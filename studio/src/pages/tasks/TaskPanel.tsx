import type { RecordChange, ReviewCounts } from '../../api/records'
import type { ReviewRecord } from '../../api/types'
import { Waiting } from '../../parts/Waiting'
import { OpenTask } from './OpenTask'

interface Props {
  row: ReviewRecord | undefined
  waiting: boolean
  change: (row: ReviewRecord, wanted: RecordChange) => void
  next: () => void
  counts: ReviewCounts | undefined
}

/** The task that is open, if any. */
export function TaskPanel({ row, waiting, ...rest }: Props) {
  return (
    <section className="rv-focus" aria-label="Open task">
      {row ? (
        <OpenTask row={row} {...rest} />
      ) : (
        <div className="rv-pane">{waiting && <Waiting rows={4} />}</div>
      )}
    </section>
  )
}
