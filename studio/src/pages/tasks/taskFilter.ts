import type { TaskFilter } from '../../api/tasks'
import type { Work } from '../../api/types'

const NAMES = ['dataset', 'work', 'person', 'tag', 'source', 'label', 'q'] as const

/** Which tasks an address asks for: of the project, or of one of its datasets. */
export function parsedTasks(search: string, project: string): TaskFilter {
  const given = new URLSearchParams(search)
  const found: Record<string, string> = {}
  for (const name of NAMES) {
    const value = given.get(name)
    if (value) found[name] = value
  }
  return found.dataset
    ? { ...found, work: found.work as Work }
    : { ...found, work: found.work as Work, project }
}

export function writtenTasks(where: TaskFilter): string {
  const search = new URLSearchParams()
  for (const name of NAMES) if (where[name]) search.set(name, String(where[name]))
  const tail = search.toString()
  return tail ? `?${tail}` : ''
}
