import { ActionIcon, Button } from '@mantine/core'
import { Icon } from './Icon'
import { dismiss, useNotes } from './notes'

/** Short messages, at the foot of the sidebar: they cover nothing and move nothing. Read out by screen readers. */
export function Notes() {
  const notes = useNotes()
  return (
    <div role="status" aria-live="polite" className="sb-notes">
      {notes.map((note) => (
        <div
          key={note.id}
          className="sb-note"
          data-error={note.error || undefined}
          ref={(box) => box?.scrollIntoView({ block: 'nearest' })}
        >
          <span>{note.words}</span>
          <ActionIcon size="xs" aria-label="Dismiss" onClick={() => dismiss(note.id)}>
            <Icon name="close" size={11} />
          </ActionIcon>
          {note.action && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                note.action?.do()
                dismiss(note.id)
              }}
            >
              {note.action.words}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}
