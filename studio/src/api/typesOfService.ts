// Who is there, and what for: sessions, people, tokens, projects.

import type { Json } from './types'

export type Role = 'owner' | 'editor' | 'reviewer'

export interface Session {
  user: { name: string; owner: boolean } | null
  local: boolean
  csrf: string
  roles: Record<string, Role>
  login: boolean
}

export interface User {
  name: string
  owner: boolean
  created: string
  version: number
}

export type Scope = 'read' | 'review' | 'edit' | 'own'

export interface Token {
  id: string
  name: string
  scope: Scope
  project: string | null
  last4: string
  created: string
  expires: string | null
  used: string | null
  token?: string
}

export interface AuditEntry {
  at: string
  who: string
  action: string
  target: string
  detail: Json
}

export interface Settings {
  private_addresses: boolean
  retention_days: number | null
  /** Another one wherever something else is set; `version` is Seedbed's. */
  revision: number
  workspace: string
  version: string
  models_folder: string
}

export interface Member {
  user: string
  role: Role
}

export interface Project {
  id: string
  title: string
  description: string
  created: string
  version: number
  datasets: number
  runs: number
  records: number
  sample: boolean
}
