import { Box, Collapse, UnstyledButton } from '@mantine/core'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { Icon } from './Icon'

interface Props {
  title: string
  note?: string
  open?: boolean
  children: ReactNode
}

/** What few people need, folded away. */
export function Fold({ title, note, open = false, children }: Props) {
  const [shown, setShown] = useState(open)
  const id = useId()
  useEffect(() => {
    if (open) setShown(true)
  }, [open])
  const now = shown
  return (
    <Box style={{ borderTop: '1px solid var(--sb-line)' }} pt="sm">
      <UnstyledButton
        aria-expanded={now}
        aria-controls={id}
        onClick={() => setShown(!now)}
        style={{ display: 'flex', gap: 8, alignItems: 'center', fontWeight: 550 }}
      >
        <span style={{ display: 'flex', transform: now ? undefined : 'rotate(-90deg)' }}>
          <Icon name="down" size={14} />
        </span>
        {title}
        {note && (
          <span className="sb-meta" style={{ fontWeight: 400 }}>
            {note}
          </span>
        )}
      </UnstyledButton>
      <Collapse expanded={now} transitionDuration={100} id={id}>
        <Box pt="md">{now && children}</Box>
      </Collapse>
    </Box>
  )
}
