import { Box, Button, Group } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { useCheckConnection } from '../../api/connections'
import { ErrorNote } from '../../parts/ErrorNote'

interface Props {
  check: ReturnType<typeof useCheckConnection>
  /** Whether its error stands beside fields already. */
  said?: boolean
}

/** What the provider said, in words, and moved into sight; while nothing comes, since when it is waited for. */
export function VerdictNote({ check, said = false }: Props) {
  const { data, error, isPending, submittedAt } = check
  const box = useRef<HTMLDivElement>(null)
  const good = data?.verdict === 'valid'
  useEffect(() => {
    if (data || error) box.current?.scrollIntoView({ block: 'nearest' })
  }, [data, error])
  return (
    <Box role="status" ref={box} mt={data || error || isPending ? 'sm' : 0}>
      {isPending && <Waited key={submittedAt} stop={check.reset} />}
      <ErrorNote error={said ? null : error} />
      {data && (
        <Box
          px="sm"
          py={8}
          style={{
            background: good ? 'var(--sb-pine-tint)' : 'var(--sb-decline-tint)',
            borderLeft: `2px solid var(${good ? '--sb-approve' : '--sb-decline'})`,
            borderRadius: 'var(--sb-radius)',
            overflowWrap: 'anywhere',
          }}
        >
          <strong style={{ fontWeight: 600 }}>
            {data.verdict.charAt(0).toUpperCase() + data.verdict.slice(1)}
          </strong>{' '}
          <span className="sb-meta">after {data.seconds.toFixed(1)} s</span>
          <div>
            {data.message} {data.hint}
          </div>
        </Box>
      )}
    </Box>
  )
}

/** Says nothing for two seconds, which most answers take at most. */
function Waited({ stop }: { stop: () => void }) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const clock = setInterval(() => setSeconds((now) => now + 1), 1000)
    return () => clearInterval(clock)
  }, [])
  if (seconds < 2) return null
  return (
    <Group gap="sm">
      <span className="sb-soft" aria-hidden="true">
        No answer for {seconds} s.
      </span>
      <span className="sb-hidden">No answer yet.</span>
      <Button size="compact-sm" variant="default" onClick={stop}>
        Stop waiting
      </Button>
    </Group>
  )
}
