import { Box } from '@mantine/core'
import type { useCheckConnection } from '../../api/connections'
import { ErrorNote } from '../../parts/ErrorNote'

/** What the provider said, in words. */
export function VerdictNote({ check }: { check: ReturnType<typeof useCheckConnection> }) {
  const { data, error } = check
  const good = data?.verdict === 'valid'
  return (
    <Box role="status" mt={data || error ? 'sm' : 0}>
      <ErrorNote error={error} />
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
