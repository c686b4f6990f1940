import { Box, Group, Progress } from '@mantine/core'
import { useRecipes } from '../../api/recipes'
import type { Run } from '../../api/types'
import { count, duration, money, rate, share } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { inProject } from '../../parts/where'
import { STATE_WORDS, sum } from './figures'

/** How far it is, how fast, what it took. */
export function RunFigures({ run }: { run: Run }) {
  const saved = useRecipes(run.project).data?.some((one) => one.name === run.name)
  const ended = !['running', 'paused'].includes(run.state)
  const waiting = run.state === 'running' && run.waiting?.join(' ')
  const going: [string, string][] = [
    ['Rate', run.rate ? rate(run.rate) : '–'],
    ['Left', run.left === null ? '–' : duration(run.left)],
  ]
  const figures: [string, string][] = [
    ['Rejected', count(sum(run.rejected))],
    ['Failed', count(sum(run.failed))],
    ['Calls', count(run.calls)],
    ['Tokens', count(run.tokens.input + run.tokens.output)],
    ['Cost', money(run.cost)],
    ['Time', duration(run.seconds)],
    ...(ended ? [] : going),
  ]
  return (
    <Box className="sb-panel" p="md">
      <Group justify="space-between" mb={8} gap="xs">
        <strong style={{ fontSize: 15, fontWeight: 600 }} aria-live="polite">
          {count(run.accepted)} of {count(run.asked)} accepted
        </strong>
        <span className="sb-soft">{share(run.accepted, run.asked)}</span>
      </Group>
      <Progress
        value={run.asked ? (100 * run.accepted) / run.asked : 0}
        size={6}
        aria-label={`${share(run.accepted, run.asked)} accepted`}
      />
      <Box
        component="dl"
        my="md"
        style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(104px, 1fr))', gap: 12 }}
      >
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className="sb-meta">{name}</dt>
            <dd style={{ margin: 0 }}>{value}</dd>
          </div>
        ))}
      </Box>
      <div>
        {waiting || run.message || STATE_WORDS[run.state]}{' '}
        <span className="sb-soft">
          Into the dataset <Link to={inProject(run.project, 'datasets', run.dataset)}>{run.dataset}</Link>{' '}
          {saved && (
            <>
              by the recipe <Link to={inProject(run.project, 'recipes', run.name)}>{run.name}</Link>
            </>
          )}
          .
        </span>
      </div>
      {run.notes.map((note) => (
        <div key={note} className="sb-soft">
          {note}
        </div>
      ))}
    </Box>
  )
}
