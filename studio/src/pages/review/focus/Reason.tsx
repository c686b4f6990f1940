import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { InFocus } from './types'

/** Why a record was declined or flagged; saved when one leaves the field. */
export function Reason({ store, row }: InFocus) {
  const [typed, setTyped] = useState(row.reason)
  const now = `${row.id} ${row.reason}`
  useEffect(() => setTyped(now.slice(now.indexOf(' ') + 1)), [now])
  if (row.decision !== 'declined' && row.decision !== 'flagged') return null
  const save = () => store.dispatch({ type: 'change', id: row.id, change: { reason: typed.trim() } })
  return (
    <TextInput
      label={row.decision === 'declined' ? 'Why it was declined' : 'Why it is flagged'}
      size="xs"
      maxLength={500}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
