import { Box } from '@mantine/core'
import { type KeyboardEvent, useId } from 'react'
import { MarkedText } from '../../../parts/MarkedText'
import { problemOf, spansOf } from './slots'

interface Props {
  label: string
  /** Shown above the field, or only said. */
  hidden?: boolean
  description?: string
  value: string
  placeholder?: string
  onChange: (text: string) => void
  onEnter?: () => void
  onEscape?: () => void
  autoFocus?: boolean
}

/** A field for a sentence, its slots coloured as one types: the text one sees lies behind a transparent one. */
export function SlotInput(props: Props) {
  const { label, hidden, description, value, placeholder, onChange, onEnter, onEscape } = props
  const id = useId()
  const problem = problemOf(value)
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && onEnter) {
      event.preventDefault()
      onEnter()
    }
    if (event.key === 'Escape') onEscape?.()
  }
  return (
    <Box>
      <label htmlFor={id} className={hidden ? 'sb-hidden' : undefined} style={{ fontWeight: 500 }}>
        {label}
      </label>
      {description && (
        <div className="sb-meta" style={{ marginBottom: 5 }}>
          {description}
        </div>
      )}
      <div className="sb-slots">
        <div className="sb-slots-behind" aria-hidden="true">
          <MarkedText text={value} spans={spansOf(value)} typed />
          {/* a last empty line has a height only with something in it */}
          {'\u200b'}
        </div>
        <textarea
          id={id}
          value={value}
          placeholder={placeholder}
          aria-invalid={problem !== '' || undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: it stands where the button was that opened it
          autoFocus={props.autoFocus}
          onChange={(event) => onChange(event.currentTarget.value)}
          onKeyDown={press}
        />
      </div>
      {problem && (
        <div id={`${id}-problem`} className="sb-meta" style={{ color: 'var(--sb-decline-ink)' }}>
          {problem}
        </div>
      )}
    </Box>
  )
}
