import { type RefObject, useEffect, useRef } from 'react'

/** Where a list grows by a button: the first field of the new entry is where one types next. Its children are the entries. */
export function useFocusNew(entries: number): [RefObject<HTMLDivElement | null>, () => void] {
  const list = useRef<HTMLDivElement>(null)
  const before = useRef<number | null>(null)
  useEffect(() => {
    if (before.current === null || entries <= before.current) return
    before.current = null
    const found = list.current?.children[entries - 1]
    const field = found?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea')
    field?.focus()
    field?.select()
  }, [entries])
  const grows = () => {
    before.current = entries
  }
  return [list, grows]
}
