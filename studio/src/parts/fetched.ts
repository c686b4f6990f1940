import { answersNow, onceOnline } from '../api/online'
import { Outdated } from '../api/problem'

const TRIES = 3
const PAUSE = 400

/**
 * Code that is loaded when it is first wanted. While the server is silent it is waited for, so that nobody is shown a
 * broken page because of a short break; a server that answers and does not have it ends in `Outdated`.
 */
export async function fetched<T>(load: () => Promise<T>): Promise<T> {
  let left = TRIES
  for (;;) {
    try {
      return await load()
    } catch (error) {
      if (!(await answersNow())) {
        await onceOnline()
        left = TRIES
      } else if (--left) {
        await new Promise((go) => setTimeout(go, PAUSE))
      } else throw new Outdated(error)
      styleAgain()
    }
  }
}

/** A style sheet that did not come is not asked for again by what loads it. */
function styleAgain(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    if (link.sheet === null) link.replaceWith(link.cloneNode())
  }
}
