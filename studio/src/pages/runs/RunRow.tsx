import type { Run } from '../../api/types'
import { ago, count, duration, money, rate } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { Ratio } from '../../parts/Ratio'
import { StateDot } from '../../parts/StateDot'
import { inProject } from '../../parts/where'
import { mainReason, sum } from './figures'

/** Runs that asked no model: what they are. */
const WITHOUT_MODEL: Record<string, string> = {
  import: 'a file that was imported',
  augment: 'copies by Augment',
  fill: 'sentences of templates, filled',
}

/** One run of the list. */
export function RunRow({ run, project }: { run: Run; project: string }) {
  const reason = mainReason(run.rejected)
  const state = run.state === 'running' && run.waiting?.length ? 'waiting' : run.state
  return (
    <tr>
      <th scope="row" style={{ fontSize: 'inherit', whiteSpace: 'normal', fontWeight: 550 }}>
        <Link to={inProject(project, 'runs', run.run)}>{run.run}</Link>
        {run.kind !== 'generate' && (
          <div className="sb-meta">{WITHOUT_MODEL[run.kind] ?? 'records of another dataset'}</div>
        )}
      </th>
      <td>
        <StateDot state={run.wish === 'pause' ? 'pausing' : state} />
      </td>
      <td>
        <Ratio part={run.accepted} all={run.asked} />
      </td>
      <td className="sb-number">
        {count(sum(run.rejected))}{' '}
        {reason && <span className="sb-meta">mostly {reason.replaceAll('_', ' ')}</span>}
      </td>
      <td className="sb-number">{run.rate === null || run.rate === 0 ? '–' : rate(run.rate)}</td>
      <td className="sb-number">{run.left === null ? '–' : duration(run.left)}</td>
      <td className="sb-number">{money(run.cost)}</td>
      <td className="sb-soft sb-whole">{ago(run.created)}</td>
    </tr>
  )
}
