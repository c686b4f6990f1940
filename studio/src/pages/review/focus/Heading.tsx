import { Badge, Group } from '@mantine/core'
import type { ReviewRecord } from '../../../api/types'
import { count } from '../../../parts/figures'

const TITLES = { todo: 'to do', approved: 'approved', declined: 'declined', flagged: 'flagged' } as const
const WORK: Record<string, string> = { todo: 'to do', doing: 'in progress' }
const COLOURS = { todo: 'gray', approved: 'pine', declined: 'red', flagged: 'gray' } as const

/** Which record it is, who made it, what was decided. */
export function Heading({ row, at }: { row: ReviewRecord; at: number }) {
  const made = [`#${count(at + 1)}`, row.model, row.source].filter(Boolean).join(' · ')
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <span className="sb-meta" style={{ overflowWrap: 'anywhere' }}>
        {made}
        {row.by && ` · ${row.by}`}
        {row.work && ` · task: ${WORK[row.work] ?? row.work}`}
      </span>
      <Badge variant="light" color={COLOURS[row.decision]} style={{ flex: 'none' }} data-testid="decision">
        {TITLES[row.decision]}
      </Badge>
    </Group>
  )
}
