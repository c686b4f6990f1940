import { UnstyledButton } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Like } from '../../../api/records'
import type { ReviewRecord } from '../../../api/types'
import { counted } from '../../../parts/figures'
import { Link } from '../../../parts/Link'
import { StateDot } from '../../../parts/StateDot'
import { inProject, useProjectId } from '../../../parts/where'
import { diff } from './diff'
import { grouped, type LikeGroup } from './likeGroups'

/** The records most like this one, side by side with it: what only one of the two says is marked. */
export function Alike({ row, like }: { row: ReviewRecord; like: Like[] }) {
  const [at, setAt] = useState(0)
  const groups = useMemo(() => grouped(row, like), [row, like])
  const place = Math.min(at, groups.length - 1)
  const group = groups[place]
  if (!group) return null
  const words = diff(row.text, group.first.text)
  return (
    <div>
      {groups.length > 1 && (
        <fieldset className="rv-likes">
          <legend className="sb-hidden">Which one is shown beside it</legend>
          {groups.map((one, number) => (
            <UnstyledButton
              key={one.first.id}
              className="rv-like-row"
              aria-pressed={number === place}
              onClick={() => setAt(number)}
            >
              <span>{percentOf(one)}</span>
              <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{one.apart}</span>
              <span className="sb-meta">
                {[one.first.label, one.all.length > 1 && counted(one.all.length, 'record')]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </UnstyledButton>
          ))}
        </fieldset>
      )}
      <div className="rv-sides">
        <div>
          <div className="sb-meta">This one{row.label && `, ${row.label}`}</div>
          <p className="rv-like" style={{ margin: '4px 0 0', overflowWrap: 'anywhere' }}>
            {words
              .filter((one) => one.side !== 'other')
              .map((one, number) => (one.side === 'both' ? one.words : <del key={number}>{one.words}</del>))}
          </p>
        </div>
        <div>
          <div className="sb-meta">
            {percentOf(group)} like it{group.first.label && `, ${group.first.label}`}
          </div>
          <p className="rv-like" style={{ margin: '4px 0 0', overflowWrap: 'anywhere' }}>
            {words
              .filter((one) => one.side !== 'this')
              .map((one, number) => (one.side === 'both' ? one.words : <ins key={number}>{one.words}</ins>))}
          </p>
          <Doors group={group} />
        </div>
      </div>
    </div>
  )
}

/** Where the records of a group are. */
function Doors({ group }: { group: LikeGroup }) {
  const project = useProjectId()
  return (
    <ul aria-label="Open it" style={{ margin: '6px 0 0', padding: 0, listStyle: 'none' }}>
      {group.all.map((one) => (
        <li key={one.id} className="sb-meta" style={{ overflowWrap: 'anywhere' }}>
          <StateDot state={one.decision} />{' '}
          <Link
            to={`${inProject(project, 'review', one.dataset)}?${new URLSearchParams({ record: one.id })}`}
          >
            {one.id}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function percentOf({ first }: LikeGroup): string {
  return `${Math.round(100 * first.likeness)} %`
}
