import { Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Json } from '../../api/types'
import type { ShapedProps } from './Field'

/** What no simpler field can hold, written as JSON. */
export function JsonField({ title, help, error, required, value, onChange }: ShapedProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const [wrong, setWrong] = useState('')
  return (
    <Textarea
      label={title}
      description={[help, 'Written as JSON.'].filter(Boolean).join(' ')}
      error={wrong || error}
      withAsterisk={required}
      autosize
      minRows={2}
      maxRows={14}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={typed ?? (value === undefined ? '' : JSON.stringify(value, null, 2))}
      onChange={(event) => {
        const text = event.currentTarget.value
        setTyped(text)
        try {
          onChange(text.trim() ? (JSON.parse(text) as Json) : undefined)
          setWrong('')
        } catch {
          setWrong('This is not JSON yet.')
        }
      }}
      onBlur={() => {
        if (!wrong) setTyped(null)
      }}
    />
  )
}
