import { Button, Group, Popover, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import type { Span } from '../../../api/types'
import { useDraft } from '../../../parts/draft'
import { colourOf } from '../../../parts/marking'

/** Words that were selected, in code points, where they are on the screen, and the spans they are about. */
export interface Place {
  start: number
  end: number
  words: string
  spans: Span[]
  /** The one that was clicked at: it gets the label, in place of the one it has. */
  own?: Span
  left: number
  top: number
}

interface Props {
  place: Place
  labels: string[]
  give: (label: string) => void
  remove: () => void
  close: () => void
}

function spansWords(span: Span, place: Place): boolean {
  return span.start === place.start && span.end === place.end
}

/** Which label selected words get. */
export function SpanMenu({ place, labels, give, remove, close }: Props) {
  const [other, setOther, forget] = useDraft('span-label', '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!other.trim()) return
    forget()
    give(other.trim())
  }
  return (
    <Popover opened onChange={(open) => !open && close()} position="bottom-start" width={260} trapFocus>
      <Popover.Target>
        <span style={{ position: 'fixed', left: place.left, top: place.top, width: 1, height: 4 }} />
      </Popover.Target>
      <Popover.Dropdown aria-label="Label the words" onKeyDown={(event) => event.key === 'Escape' && close()}>
        <div className="sb-one-line sb-meta">“{place.words}”</div>
        <Group gap={6} my={8}>
          {labels.slice(0, 30).map((label) => (
            <button
              key={label}
              type="button"
              className="rv-chip"
              aria-pressed={place.spans.some((one) => one.label === label && spansWords(one, place))}
              style={{ borderBottom: `2px solid var(--sb-mark-${colourOf(label)}-line)` }}
              onClick={() => give(label)}
            >
              {label}
            </button>
          ))}
          {place.spans.length > 0 && (
            <Button size="compact-sm" variant="default" onClick={remove}>
              Not {[...new Set(place.spans.map((one) => one.label))].join(', ')}
            </Button>
          )}
        </Group>
        <form onSubmit={submit}>
          <Group gap={6} align="flex-end" wrap="nowrap">
            <TextInput
              label="Another label"
              size="xs"
              maxLength={100}
              value={other}
              onChange={(event) => setOther(event.currentTarget.value)}
            />
            <Button type="submit" size="xs" variant="default" flex="none">
              Mark
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
