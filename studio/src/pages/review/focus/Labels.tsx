import { Button, Group, Popover, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Icon } from '../../../parts/Icon'
import type { InFocus } from './types'

const FOLDED = 18

/** The labels as chips; the first nine have a key. */
export function Labels({ store, row, labels }: InFocus & { labels: string[] }) {
  const [all, setAll] = useState(false)
  if (!labels.length && !('label' in row.values)) return null
  const shown = all ? labels : labels.slice(0, FOLDED)
  const give = (label: string) => store.dispatch({ type: 'change', change: { label } })
  return (
    <div>
      <div className="sb-meta" id="rv-labels">
        Label
      </div>
      <Group gap={6} mt={5} role="group" aria-labelledby="rv-labels">
        {shown.map((label, place) => (
          <button
            type="button"
            key={label}
            className="rv-chip"
            aria-pressed={label === row.label}
            onClick={() => give(label)}
          >
            {place < 9 && <kbd>{place + 1}</kbd>}
            <span className="rv-chip-words" title={label.length > 60 ? label : undefined}>
              {label}
            </span>
          </button>
        ))}
        {!all && labels.length > FOLDED && (
          <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
            {labels.length - FOLDED} more
          </Button>
        )}
        <OtherLabel give={give} />
      </Group>
    </div>
  )
}

function OtherLabel({ give }: { give: (label: string) => void }) {
  const [open, setOpen] = useState(false)
  const [label, setLabel] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!label.trim()) return
    give(label.trim())
    setLabel('')
    setOpen(false)
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="rv-chip" aria-label="Another label" onClick={() => setOpen(!open)}>
          <Icon name="plus" size={13} />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Another label">
        <form onSubmit={submit}>
          <TextInput
            label="Another label"
            size="xs"
            maxLength={500}
            required
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Button type="submit" size="compact-sm" mt={8}>
            Give it
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
