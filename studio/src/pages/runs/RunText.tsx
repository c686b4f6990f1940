import { Text } from '@mantine/core'
import type { RunRecord } from '../../api/types'
import { titleOf } from '../../parts/schema/shape'
import { cellName } from './figures'

/** One text that came, its cell below; why, if it was turned away. */
export function RunText({ record }: { record: RunRecord }) {
  const why = record.reason && [titleOf(record.reason), record.detail].filter(Boolean).join(': ')
  return (
    <li>
      <Text
        lineClamp={3}
        style={{ overflowWrap: 'anywhere' }}
        td={record.state === 'rejected' ? 'line-through' : undefined}
      >
        {textOf(record)}
      </Text>
      <div className="sb-meta">
        {[cellName(record.cell), record.model].filter(Boolean).join(' · ')}
        {why && <span style={{ color: 'var(--sb-decline-ink)' }}> · {why}</span>}
      </div>
    </li>
  )
}

function textOf(record: RunRecord): string {
  const { text } = record.values
  if (typeof text === 'string') return text
  const words = Object.values(record.values).filter((value) => typeof value === 'string')
  return words.length ? words.join(' · ') : JSON.stringify(record.values)
}
