import type { Session } from './types'

// Who is logged in, as far as this page knows. What one person typed is never sent, nor shown, as another's.

const HERE = '(this computer)'

let token = ''
let now = ''
let last = ''
const listeners = new Set<() => void>()

/** Takes down whose session it is, and the token that its changing requests need. */
export function rememberWho({ csrf, user, login }: Session): void {
  token = csrf
  const who = user?.name ?? (login ? '' : HERE)
  if (who === now) return
  now = who
  last = who || last
  for (const listener of listeners) listener()
}

/** The token that every changing request of the session needs. */
export function sessionToken(): string {
  return token
}

/** Who is logged in; `''` is nobody. */
export function whoNow(): string {
  return now
}

/** Who it was that was here last: the same as `whoNow` but while somebody has to log in again. */
export function whoLast(): string {
  return last
}

/** Calls `listener` whenever it is somebody else, or nobody any more. */
export function onWho(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
