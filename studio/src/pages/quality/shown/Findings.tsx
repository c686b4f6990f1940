import { Box } from '@mantine/core'
import type { Finding, Level } from '../../../api/reports'
import { SECTIONS } from '../sections'
import { type Ground, leadsBelow, Ways } from './Ways'

const LEVELS: Record<Level, { word: string; colour: string }> = {
  bad: { word: 'mend', colour: 'var(--sb-decline)' },
  note: { word: 'note', colour: 'var(--sb-duplicate)' },
  good: { word: 'good', colour: 'var(--sb-approve)' },
}
const ORDER: Level[] = ['bad', 'note', 'good']

interface Props extends Ground {
  findings: readonly Finding[]
}

/** What the figures mean, what to mend first, and a button for each thing that can be done. */
export function Findings({ findings, ...ground }: Props) {
  const sorted = ORDER.flatMap((level) => findings.filter((one) => one.level === level))
  if (!sorted.length) return null
  const flagging = sorted.find(flags)
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
                  <Coded text={todoOf(one)} />
                </span>
                <Ways
                  finding={one}
                  actions={(one.actions ?? []).filter(
                    ({ do: does }) => does !== 'suspects' || one === flagging,
                  )}
                  {...ground}
                />
              </span>
              <Where finding={one} sections={ground.sections} />
            </li>
          )
        })}
      </ul>
    </Box>
  )
}

/** Its section, as a link if there is no button that leads there. */
function Where({ finding, sections }: { finding: Finding; sections: readonly string[] }) {
  const { section } = finding
  const title = SECTIONS[section] ?? section
  const led = !sections.includes(section) || leadsBelow(finding, sections)
  return led ? (
    <span className="sb-meta">{title}</span>
  ) : (
    <a href={`#${section}`} className="sb-meta" style={{ flex: 'none' }}>
      {title}
    </a>
  )
}

/** Whether it says to flag labels; one button for that is enough. */
export function flags({ actions = [] }: Finding): boolean {
  return actions.some((one) => one.do === 'suspects')
}

/** What to do; where the report names a command, what its button does instead. */
function todoOf({ section, todo = '', actions = [] }: Finding): string {
  if (!/`seedbed |--/.test(todo)) return todo
  const [first] = actions.filter((one) => one.do in INSTEAD)
  if (first?.do === 'dedup' && 'against' in first.where) return LEFT_OUT
  if (first?.do === 'spot_check' && section === 'labels') return SECOND
  return first ? (INSTEAD[first.do] ?? '') : ''
}

const LEFT_OUT = 'What is in both can be left out: the others come into a new dataset.'

const SECOND = 'Look at a sample yourself, or let a second model label them in another report.'

const INSTEAD: Record<string, string> = {
  dedup: 'One of each can be kept: they come into a new dataset.',
  suspects: '',
  spot_check: 'Judge a sample of them yourself.',
  report: 'Leave them out, or say in a new report which columns hold the texts.',
  recipe: 'Name them in the recipe.',
}

/** A sentence whose commands stand between backticks. */
function Coded({ text }: { text: string }) {
  return text.split('`').map((part, place) => (place % 2 ? <code key={place}>{part}</code> : part))
}
