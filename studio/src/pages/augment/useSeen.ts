import { useEffect, useRef, useState } from 'react'

/** Whether an element has come into sight, or near it, since the page was opened. */
export function useSeen<T extends Element>(): [React.RefObject<T | null>, boolean] {
  const place = useRef<T>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!place.current || seen) return
    const watcher = new IntersectionObserver((found) => setSeen(found.some((one) => one.isIntersecting)), {
      rootMargin: '80px',
    })
    watcher.observe(place.current)
    return () => watcher.disconnect()
  }, [seen])
  return [place, seen]
}
