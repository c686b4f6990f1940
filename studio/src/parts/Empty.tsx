import { Box, Stack } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  /** One sentence that teaches what belongs here. */
  sentence: string
  /** One button. */
  action?: ReactNode
  /** What it will look like. */
  sample?: ReactNode
}

/** A page with nothing on it yet. */
export function Empty({ sentence, action, sample }: Props) {
  return (
    <Stack align="flex-start" gap="md" p="lg" className="sb-panel" maw={640}>
      <Box fz={15}>{sentence}</Box>
      {action}
      {sample !== undefined && (
        <Box w="100%" pt="md" style={{ borderTop: '1px solid var(--sb-line)' }}>
          <div className="sb-meta">For example</div>
          <Box mt={6}>{sample}</Box>
        </Box>
      )}
    </Stack>
  )
}
