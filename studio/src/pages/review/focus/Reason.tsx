import { TextInput } from '@mantine/core'
import { useKept } from '../../../parts/draft'
import { kept } from '../kept'
import type { InFocus } from './types'

/** Why a record was declined or flagged; saved when one leaves the field, and kept until then. */
export function Reason({ store, row }: InFocus) {
  const [typed, setTyped, forget] = useKept(kept.reason(row), row.reason)
  if (row.decision !== 'declined' && row.decision !== 'flagged') return null
  const save = () => {
    forget()
    store.dispatch({ type: 'change', id: row.id, change: { reason: typed.trim() } })
  }
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
