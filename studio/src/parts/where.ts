import { useParams } from 'wouter'

/** The project of the page, as its address says. */
export function useProjectId(): string {
  const { project } = useParams<{ project: string }>()
  return project ? decodeURIComponent(project) : 'default'
}

/** The address of a page of a project: `inProject('sample', 'runs', id)`. */
export function inProject(project: string, ...parts: string[]): string {
  return `/p/${[project, ...parts].map(encodeURIComponent).join('/')}`
}
