import type { TaskFilter } from '../../api/tasks'
import type { Work } from '../../api/types'

const NAMES = ['dataset', 'work', 'person', 'tag', 'source', 'label', 'span', 'model', 'reason', 'q'] as const

/** Which tasks an address asks for: of the project, or of one of its datasets. */
export function parsedTasks(search: string, project: string): TaskFilter {
  const given = new URLSearchParams(search)
  const found: Record<string, string> = {}
  for (const name of NAMES) {
    const value = given.get(name)
    if (value) found[name] = value
  }
  const where: TaskFilter = { ...found, work: found.work as Work }
  if (given.get('doubted') === 'true') where.doubted = true
  if (given.get('duplicates') === 'true') where.duplicates = true
  if (given.get('overlapping') === 'true') where.overlapping = true
  return found.dataset ? where : { ...where, project }
}

export function writtenTasks(where: TaskFilter): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(where)) {
    if (value && name !== 'project') search.set(name, String(value))
  }
  const tail = search.toString()
  return tail ? `?${tail}` : ''
}
