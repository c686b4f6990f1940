import type { ReactNode } from 'react'
import { Link as Go } from 'wouter'

/** A link within the studio, without a reload. */
export function Link({ to, children, className }: { to: string; children: ReactNode; className?: string }) {
  return (
    <Go href={to} className={className}>
      {children}
    </Go>
  )
}
