import { Box, Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { counted } from '../../../parts/figures'
import { Link } from '../../../parts/Link'
import type { Texts } from '../blocks'

const FIRST = 3

/** Groups of texts that belong together, such as those that say the same. */
export function TextsOf({ block }: { block: Texts }) {
  const [all, setAll] = useState(false)
  const shown = all ? block.groups : block.groups.slice(0, FIRST)
  return (
    <Stack gap="sm">
      {shown.map((group, place) => (
        <Box key={place} pl="sm" style={{ borderLeft: '2px solid var(--sb-line)' }}>
          <div className="sb-meta">
            {group.name} {group.to && <Link to={group.to}>Open in Review</Link>}
          </div>
          {group.texts.map((text, at) => (
            <div key={at} style={{ overflowWrap: 'anywhere', padding: '2px 0' }}>
              {text}
            </div>
          ))}
        </Box>
      ))}
      {block.groups.length > FIRST && (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => setAll(!all)}>
            {all ? 'Fewer' : `Show all ${counted(block.groups.length, 'group')}`}
          </Button>
        </div>
      )}
    </Stack>
  )
}
