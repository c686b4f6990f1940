import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { every, get, patch, post, put, remove } from './client'
import { keys } from './keys'
import type { Member, Page, Project, Role } from './types'

export interface ProjectBody {
  id?: string
  title: string
  description?: string
}

export function useProjects() {
  return useQuery({
    queryKey: keys.projects,
    queryFn: ({ signal }) => every<Project>(['projects'], { signal }),
  })
}

export function useProject(id: string) {
  return useQuery({
    queryKey: keys.project(id),
    queryFn: ({ signal }) => get<Project>(['projects', id], { signal }),
  })
}

export function useMakeProject() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ProjectBody) => post<Project>(['projects'], body),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.projects }),
  })
}

export function useEditProject(project: Project) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Partial<ProjectBody>) =>
      patch<Project>(['projects', project.id], body, { version: project.version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.projects }),
  })
}

export function useDeleteProject() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (project: Project) => remove(['projects', project.id], { version: project.version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.projects }),
  })
}

export function useMembers(project: string) {
  return useQuery({
    queryKey: keys.members(project),
    queryFn: async ({ signal }) =>
      (await get<Page<Member>>(['projects', project, 'members'], { signal })).items,
  })
}

export function useSetMember(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ user, role }: { user: string; role: Role | null }) =>
      role === null
        ? remove(['projects', project, 'members', user])
        : put<void>(['projects', project, 'members', user], { role }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.members(project) }),
  })
}
