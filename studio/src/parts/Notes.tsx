import { ActionIcon, Box, Button, Group, Stack } from '@mantine/core'
import { Icon } from './Icon'
import { dismiss, useNotes } from './notes'

/** The place where short messages appear; read out by screen readers. */
export function Notes() {
  const notes = useNotes()
  return (
    <Stack
      role="status"
      aria-live="polite"
      gap="xs"
      style={{
        position: 'fixed',
        bottom: 16,
        left: 'calc(var(--sb-side-width) + 24px)',
        zIndex: 400,
        maxWidth: 560,
      }}
    >
      {notes.map((note) => (
        <Box
          key={note.id}
          px="sm"
          py={8}
          className="sb-panel"
          style={{ borderLeft: `3px solid var(${note.error ? '--sb-decline' : '--sb-approve'})` }}
        >
          <Group wrap="nowrap" gap="sm">
            <span style={{ overflowWrap: 'anywhere' }}>{note.words}</span>
            {note.action && (
              <Button size="compact-sm" variant="subtle" onClick={note.action.do}>
                {note.action.words}
              </Button>
            )}
            <ActionIcon size="sm" aria-label="Dismiss" onClick={() => dismiss(note.id)}>
              <Icon name="close" size={12} />
            </ActionIcon>
          </Group>
        </Box>
      ))}
    </Stack>
  )
}
