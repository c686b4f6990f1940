import { Box } from '@mantine/core'
import type { Finding, Level } from '../../../api/reports'
import { Link } from '../../../parts/Link'
import { SECTIONS } from '../sections'

const LEVELS: Record<Level, { word: string; colour: string }> = {
  bad: { word: 'mend', colour: 'var(--sb-decline)' },
  note: { word: 'note', colour: 'var(--sb-duplicate)' },
  good: { word: 'good', colour: 'var(--sb-approve)' },
}
const ORDER: Level[] = ['bad', 'note', 'good']

interface Props {
  findings: readonly Finding[]
  /** Where duplicates are removed. */
  datasets: string
  /** Where they are looked at. */
  duplicates: string
}

/** What the figures mean, what to mend first. */
export function Findings({ findings, datasets, duplicates }: Props) {
  const sorted = ORDER.flatMap((level) => findings.filter((one) => one.level === level))
  if (!sorted.length) return null
  return (
    <Box component="section" aria-label="What it means" className="sb-panel" px="md" py="xs">
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {sorted.map((one, place) => {
          const { word, colour } = LEVELS[one.level] ?? LEVELS.note
          return (
            <li key={place} data-level={one.level} style={{ display: 'flex', gap: 12, padding: '8px 0' }}>
              <span
                aria-hidden="true"
                style={{
                  width: 8,
                  height: 8,
                  borderRadius: 4,
                  flex: 'none',
                  marginTop: 6,
                  background: colour,
                }}
              />
              <span style={{ flex: 1, overflowWrap: 'anywhere' }}>
                <span className="sb-hidden">{word}: </span>
                <Coded text={one.words} />{' '}
                <span className="sb-soft">
                  <Todo finding={one} datasets={datasets} duplicates={duplicates} />
                </span>
              </span>
              <a href={`#${one.section}`} className="sb-meta" style={{ flex: 'none' }}>
                {SECTIONS[one.section] ?? one.section}
              </a>
            </li>
          )
        })}
      </ul>
    </Box>
  )
}

/** What to do: where the report names a command, what does the same here. */
function Todo({ finding, datasets, duplicates }: Omit<Props, 'findings'> & { finding: Finding }) {
  const todo = finding.todo ?? ''
  if (todo.includes('--relabel-with')) {
    return 'Look at a sample yourself, or let a second model label it: above, a new report with options.'
  }
  if (!todo.includes('`seedbed ')) return <Coded text={todo} />
  if (finding.section === 'duplicates') {
    return (
      <>
        <Link to={duplicates}>See them in Review</Link>, or <Link to={datasets}>keep one of each</Link>.
      </>
    )
  }
  if (finding.section === 'labels') return 'Flag them below, and Review shows the likeliest first.'
  return <Coded text={todo} />
}

/** A sentence whose commands stand between backticks. */
function Coded({ text }: { text: string }) {
  return text.split('`').map((part, place) => (place % 2 ? <code key={place}>{part}</code> : part))
}
