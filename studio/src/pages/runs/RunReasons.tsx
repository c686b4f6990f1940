import { Title } from '@mantine/core'
import { Fragment } from 'react'
import type { Run } from '../../api/types'
import { count } from '../../parts/figures'
import { titleOf } from '../../parts/schema/shape'
import { sum } from './figures'
import './runs.css'

/** Why texts were turned away, the most frequent reason first. */
export function RunReasons({ run }: { run: Run }) {
  const rows = [...Object.entries(run.rejected), ...Object.entries(run.failed)].sort((a, b) => b[1] - a[1])
  if (!sum(run.rejected) && !sum(run.failed)) return null
  const most = rows[0]?.[1] ?? 1
  return (
    <section aria-labelledby="reasons">
      <Title order={2} id="reasons" mb="xs">
        Rejected
      </Title>
      <dl className="sb-reasons">
        {rows.map(([reason, number]) => (
          <Fragment key={reason}>
            <dt>{titleOf(reason)}</dt>
            <dd aria-hidden="true">
              <div className="sb-bar" style={{ width: `${(100 * number) / most}%` }} />
            </dd>
            <dd>{count(number)}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}
