import { Skeleton, Stack } from '@mantine/core'

/** Grey bars where rows will be. */
export function Waiting({ rows = 5, height = 22 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} width={`${96 - ((row * 17) % 40)}%`} />
      ))}
    </Stack>
  )
}
