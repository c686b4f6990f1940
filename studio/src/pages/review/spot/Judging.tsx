import { Badge, Box, Button, Group, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Judged, judge, type SpotCheck } from '../../../api/judging'
import { keys } from '../../../api/keys'
import { sayProblem } from '../../../api/problem'
import { count, counted } from '../../../parts/figures'
import { MarkedText } from '../../../parts/MarkedText'
import { roomFor } from '../../../parts/marking'
import { sayWrong } from '../../../parts/notes'
import { interval } from './interval'

interface Props {
  check: SpotCheck
  leave: () => void
}

/** One record after the other, big in the middle: right or wrong. */
export function Judging({ check, leave }: Props) {
  const queries = useQueryClient()
  const [said, setSaid] = useState<Record<string, boolean>>(() => verdicts(check.items))
  const [at, setAt] = useState(() => firstOpen(check.items, verdicts(check.items)))
  const place = useRef(at)
  const queue = useRef(Promise.resolve())
  const go = useCallback(
    (to: number) => {
      place.current = Math.max(0, Math.min(to, check.items.length))
      setAt(place.current)
    },
    [check.items.length],
  )
  const say = useCallback(
    (right: boolean) => {
      const record = check.items[place.current]
      if (!record) return
      setSaid((before) => ({ ...before, [record.id]: right }))
      go(place.current + 1)
      // One after the other, so that the figures that come last are the true ones.
      queue.current = queue.current.then(async () => {
        try {
          const now = await judge(check.id, record.id, right)
          queries.setQueryData<SpotCheck>(keys.spotCheck(check.id), (old) =>
            old ? { ...old, ...now, items: old.items } : old,
          )
        } catch (error) {
          sayWrong(sayProblem(error))
          setSaid(({ [record.id]: _lost, ...others }) => others)
        }
      })
    },
    [check.id, check.items, go, queries],
  )
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest('input, textarea, [role="dialog"]')) return
      const acts: Record<string, () => void> = {
        r: () => say(true),
        w: () => say(false),
        j: () => go(place.current + 1),
        k: () => go(place.current - 1),
        ArrowRight: () => go(place.current + 1),
        ArrowLeft: () => go(place.current - 1),
      }
      const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [say, go])

  const record = check.items[at]
  const judged = Object.keys(said).length
  if (!record)
    return (
      <Outcome check={check} judged={judged} back={() => go(firstOpen(check.items, said))} leave={leave} />
    )
  return (
    <Stack gap="lg" align="center">
      <span className="sb-meta" role="status">
        {count(at + 1)} of {count(check.items.length)} · {count(judged)} judged
      </span>
      <Box className="sb-panel" p={32} w="100%" maw={720} mih={220}>
        <div
          className="sb-read"
          style={{ fontSize: 19, lineHeight: roomFor(record.spans) }}
          data-testid="spot-text"
        >
          <MarkedText text={record.text} spans={record.spans} />
        </div>
        <Group gap="xs" mt="lg">
          {record.label && (
            <Badge variant="light" size="lg">
              {record.label}
            </Badge>
          )}
          {record.id in said && (
            <span className="sb-meta">you said: {said[record.id] ? 'right' : 'wrong'}</span>
          )}
        </Group>
      </Box>
      <Group gap="sm">
        <Button variant="default" miw={140} rightSection={<kbd>W</kbd>} onClick={() => say(false)}>
          Wrong
        </Button>
        <Button miw={140} rightSection={<kbd>R</kbd>} onClick={() => say(true)}>
          Right
        </Button>
      </Group>
      <Group gap="xs">
        <Button size="compact-sm" variant="subtle" onClick={() => go(at - 1)} leftSection={<kbd>K</kbd>}>
          back
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={() => go(at + 1)} leftSection={<kbd>J</kbd>}>
          later
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={() => go(check.items.length)}>
          End here
        </Button>
      </Group>
    </Stack>
  )
}

interface OutcomeProps {
  check: SpotCheck
  judged: number
  back: () => void
  leave: () => void
}

/** What the sample says about all records. */
function Outcome({ check, judged, back, leave }: OutcomeProps) {
  return (
    <Stack gap="md" maw={560} className="sb-panel" p="xl" role="status">
      <div style={{ fontSize: 19, fontWeight: 650 }} data-testid="interval">
        {check.judged ? `${interval(check)} of all records are wrong` : 'Nothing was judged yet'}
      </div>
      <div>
        {counted(check.judged, 'record')} judged: {count(check.right)} right,{' '}
        {count(check.judged - check.right)} wrong. The range holds the true share in 95 of 100 such samples.
        {check.more > 0 && ` Judge ${count(check.more)} more to know it to 3 points each side.`}
      </div>
      <Group gap="xs">
        {judged < check.items.length && (
          <Button variant="default" onClick={back}>
            Go on with the other {count(check.items.length - judged)}
          </Button>
        )}
        <Button onClick={leave}>All samples</Button>
      </Group>
    </Stack>
  )
}

function verdicts(items: Judged[]): Record<string, boolean> {
  return Object.fromEntries(items.flatMap((one) => (one.verdict ? [[one.id, one.verdict.right]] : [])))
}

function firstOpen(items: Judged[], said: Record<string, boolean>): number {
  const at = items.findIndex((one) => !(one.id in said))
  return at < 0 ? items.length : at
}
