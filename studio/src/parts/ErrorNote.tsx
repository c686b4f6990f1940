import { Box, Button, Group } from '@mantine/core'
import { useOnline } from '../api/online'
import { Offline, Problem, sayProblem } from '../api/problem'

/** A change whose answer was lost may have been made. */
const BACK = {
  detail: 'The server did not answer, and does again now.',
  hint: 'What you typed is kept: see whether it was done, else try again.',
}

interface Props {
  error: unknown
  again?: () => void
  /** What `again` does, if it is not trying. */
  verb?: string
}

/** What went wrong, what to do, and a way to try once more. */
export function ErrorNote({ error, again, verb = 'Try again' }: Props) {
  const online = useOnline()
  if (!error) return null
  const { detail, hint } = error instanceof Offline && !error.again && online ? BACK : sayProblem(error)
  const fields = error instanceof Problem ? error.errors.filter((one) => !detail.includes(one.message)) : []
  return (
    <Box
      role="alert"
      px="sm"
      py={10}
      style={{
        background: 'var(--sb-decline-tint)',
        borderLeft: '2px solid var(--sb-decline)',
        borderRadius: 'var(--sb-radius)',
        overflowWrap: 'anywhere',
      }}
    >
      <div style={{ color: 'var(--sb-decline-ink)' }}>{detail}</div>
      {hint && <div>{hint}</div>}
      {fields.length > 0 && (
        <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
          {fields.map((one, place) => (
            <li key={place}>
              {one.field}: {one.message} {one.hint}
            </li>
          ))}
        </ul>
      )}
      {again && (
        <Group mt={6}>
          <Button size="compact-sm" variant="default" onClick={again}>
            {verb}
          </Button>
        </Group>
      )}
    </Box>
  )
}
