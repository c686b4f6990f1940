import { Box, Group, Stack, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

interface Props {
  /** The one h1, also the document's title. */
  title: string
  /** One line below the title. */
  about?: ReactNode
  /** Buttons at the right of the title. */
  actions?: ReactNode
  /** `form`: one column of 560 px; `list`: up to 1,120 px; `wide`: up to 1,600 px; `full`: all of the width and height, no padding below. */
  width?: 'form' | 'list' | 'wide' | 'full'
  children: ReactNode
}

const WIDTHS = { form: 560, list: 1120, wide: 1600, full: undefined }

/** The frame of every page. */
export function Page({ title, about, actions, width = 'list', children }: Props) {
  useEffect(() => {
    document.title = `${title} · Seedbed`
  }, [title])
  const full = width === 'full'
  return (
    <Box className="sb-page" data-full={full || undefined}>
      <Group className="sb-page-head" justify="space-between" align="flex-start" gap="md" maw={WIDTHS[width]}>
        <Stack gap={2} style={{ flex: 1, minWidth: 240 }}>
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {about !== undefined && <div className="sb-soft">{about}</div>}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      <Box className="sb-page-body" maw={WIDTHS[width]}>
        {children}
      </Box>
    </Box>
  )
}
