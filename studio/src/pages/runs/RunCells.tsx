import { Title } from '@mantine/core'
import { useState } from 'react'
import type { Run, RunCell } from '../../api/types'
import { count, counted } from '../../parts/figures'
import { cellName } from './figures'
import './runs.css'

const SHOWN = 120

/** Each combination of label, category …, filling up. */
export function RunCells({ run }: { run: Run }) {
  const cells = run.cells ?? []
  const [all, setAll] = useState(false)
  if (cells.length < 2) return null
  const full = cells.filter((one) => one.accepted >= one.wanted).length
  const shown = all ? cells : cells.slice(0, SHOWN)
  return (
    <section aria-labelledby="cells">
      <Title order={2} id="cells" mb="xs">
        Of each kind <span className="sb-soft">{`${count(full)} of ${count(cells.length)} complete`}</span>
      </Title>
      <ul className="sb-cells">
        {shown.map((one, place) => (
          <Cell key={place} one={one} />
        ))}
      </ul>
      {shown.length < cells.length && (
        <button type="button" className="sb-text-button" onClick={() => setAll(true)}>
          Show {counted(cells.length - shown.length, 'more kind')}
        </button>
      )}
    </section>
  )
}

function Cell({ one }: { one: RunCell }) {
  const part = one.wanted ? Math.min(1, one.accepted / one.wanted) : 1
  return (
    <li
      title={one.stopped ? `Given up: ${one.stopped}` : undefined}
      data-stopped={one.stopped ? true : undefined}
    >
      <span className="sb-cell-fill" style={{ transform: `scaleX(${part})` }} aria-hidden="true" />
      <span className="sb-cell-name" title={cellName(one.cell)}>
        {cellName(one.cell)}
      </span>
      <span>
        {count(one.accepted)} of {count(one.wanted)}
        {one.stopped && <span className="sb-hidden">, given up: {one.stopped}</span>}
      </span>
    </li>
  )
}
