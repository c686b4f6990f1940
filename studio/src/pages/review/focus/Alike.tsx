import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { Like } from '../../../api/records'
import type { ReviewRecord } from '../../../api/types'
import { StateDot } from '../../../parts/StateDot'
import { diff } from './diff'

/** The records most like this one, side by side with it: what only one of the two says is marked. */
export function Alike({ row, like }: { row: ReviewRecord; like: Like[] }) {
  const [at, setAt] = useState(0)
  const other = like[Math.min(at, like.length - 1)]
  if (!other) return null
  const words = diff(row.text, other.text)
  return (
    <div>
      {like.length > 1 && (
        <Group gap={4} mb={8}>
          {like.map((one, place) => (
            <Button
              key={one.id}
              size="compact-xs"
              variant={place === at ? 'light' : 'subtle'}
              aria-pressed={place === at}
              onClick={() => setAt(place)}
            >
              {Math.round(100 * one.likeness)} %
            </Button>
          ))}
        </Group>
      )}
      <div className="rv-sides">
        <div>
          <div className="sb-meta">This one</div>
          <p className="rv-like" style={{ margin: '4px 0 0', overflowWrap: 'anywhere' }}>
            {words
              .filter((one) => one.side !== 'other')
              .map((one, place) => (one.side === 'both' ? one.words : <del key={place}>{one.words}</del>))}
          </p>
        </div>
        <div>
          <div className="sb-meta">
            {Math.round(100 * other.likeness)} % like it · <StateDot state={other.decision} />
          </div>
          <p className="rv-like" style={{ margin: '4px 0 0', overflowWrap: 'anywhere' }}>
            {words
              .filter((one) => one.side !== 'this')
              .map((one, place) => (one.side === 'both' ? one.words : <ins key={place}>{one.words}</ins>))}
          </p>
        </div>
      </div>
    </div>
  )
}
