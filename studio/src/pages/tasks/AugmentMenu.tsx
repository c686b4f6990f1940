import { Button, type ButtonProps, Menu } from '@mantine/core'
import { navigate } from 'wouter/use-browser-location'
import { useRole } from '../../api/session'
import type { TaskFilter } from '../../api/tasks'
import { ButtonLink } from '../../parts/ButtonLink'
import { count } from '../../parts/figures'
import { toAugment } from '../augment/chosen'

interface Props extends Pick<ButtonProps, 'size'> {
  project: string
  words: string
  where: TaskFilter
  /** The datasets of the tasks, with how many are of each; 0 where that is not known. */
  of: Record<string, number>
  /** The ids of chosen tasks by their dataset; null for all that the filters show. */
  chosen: ReadonlyMap<string, string[]> | null
  above?: boolean
}

/** Copies of tasks are made of one dataset at a time: of the only one there is, or of the one that is picked. */
export function AugmentMenu({ project, words, where, of, chosen, above = false, size }: Props) {
  const names = Object.keys(of).sort()
  const [only] = names
  const edits = useRole(project) !== 'reviewer'
  const to = (dataset: string) =>
    toAugment(project, dataset, { tasks: true, ids: chosen?.get(dataset), where: chosen ? {} : where })
  if (!only || !edits) return null
  if (names.length === 1 && !chosen)
    return (
      <ButtonLink to={to(only)} variant="default" size={size}>
        {words}
      </ButtonLink>
    )
  if (names.length === 1)
    return (
      <Button size={size} variant="default" onClick={() => navigate(to(only))}>
        {words}
      </Button>
    )
  return (
    <Menu position={above ? 'top' : 'bottom-end'}>
      <Menu.Target>
        <Button size={size} variant="default">
          {words}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Copies are made of one dataset at a time</Menu.Label>
        {names.map((name) => (
          <Menu.Item key={name} onClick={() => navigate(to(name))}>
            {name}
            {of[name] ? ` (${count(of[name])})` : ''}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
