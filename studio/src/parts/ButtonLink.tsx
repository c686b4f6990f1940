import { Button, type ButtonProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

interface Props extends ButtonProps {
  to: string
  children: ReactNode
}

/** A link within the studio that looks like a button. */
export function ButtonLink({ to, children, ...button }: Props) {
  return (
    <Button component={Link} href={to} {...button}>
      {children}
    </Button>
  )
}
