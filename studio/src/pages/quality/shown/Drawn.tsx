import { Box, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Fold } from '../../../parts/Fold'

interface Props {
  title: string
  plot: ReactNode
  table: ReactNode
}

/** A plot with its title, and the same as a table. */
export function Drawn({ title, plot, table }: Props) {
  return (
    <Stack gap={6} component="figure" m={0} aria-label={title} maw={860}>
      <Box component="figcaption" fw={550}>
        {title}
      </Box>
      {plot}
      <Fold title="As a table">{table}</Fold>
    </Stack>
  )
}
