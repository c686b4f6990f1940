import { type ComponentType, type FunctionComponent, lazy, useState } from 'react'
import { fetched } from './fetched'

export type Later = FunctionComponent & { ahead: () => void }

/**
 * A page that is loaded when it is first opened, or `ahead`. One that is there is shown in the same step: what React
 * shows meanwhile stays for 300 ms, however soon the page comes.
 */
export function later(load: () => Promise<{ default: ComponentType }>): Later {
  let found: ComponentType | undefined
  const begin = async () => {
    const module = await fetched(load)
    found = module.default
    return module
  }
  const Awaited = lazy(begin)
  function Shown() {
    const [One] = useState<ComponentType>(() => found ?? Awaited)
    return <One />
  }
  Shown.ahead = () => void begin().catch(() => undefined) // whoever opens it is told
  return Shown
}
