// What there is to choose from, and the connections to models.

import type { Json } from './types'

export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  title?: string
  description?: string
  type?: string | string[]
  enum?: Json[]
  const?: Json
  default?: Json
  examples?: Json[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema | boolean
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  format?: string
}

export interface Part {
  kind: string
  title: string
  summary: string
  group: string
  schema: Schema
}

export interface GeneratorPart extends Part {
  needs: 'any' | 'stronger'
  example: string
}

export interface TransformPart extends Part {
  example: { before: string; after: string }
  languages?: string[]
}

export interface Format {
  name: string
  extensions: string[]
  title: string
  reads: boolean
  writes: boolean
  /** It holds one layer of spans. */
  flat: boolean
}

export interface Provider {
  name: string
  title: string
  key: boolean
  key_env: string | null
  address: boolean
  default_address: string | null
  schema: Schema
  models: string[]
  local: boolean
}

export interface ModelChoice {
  model: string
  connection: string
  title: string
  local: boolean
  ready: boolean
  size: number | null
}

export interface Connection {
  name: string
  provider: string
  base_url?: string | null
  key_env?: string | null
  api_version?: string | null
  concurrency?: number | null
  requests_per_minute?: number | null
  tokens_per_minute?: number | null
  timeout?: number | null
  retries?: number | null
  patience?: number | null
  prices?: Record<string, Partial<PriceOf>>
  projects: string[]
  key_place: string
  key_last4: string | null
  created: string
  version: number
}

/** US dollars for a million tokens. */
export interface PriceOf {
  input: number
  output: number
}

export type ConnectionBody = Partial<Omit<Connection, 'key_place' | 'key_last4' | 'created' | 'version'>> & {
  key?: string
}

export type Verdict =
  | 'valid'
  | 'invalid key'
  | 'no such model'
  | 'unreachable'
  | 'rate limited'
  | 'no quota'
  | 'failed'

export interface ConnectionCheck {
  verdict: Verdict
  message: string
  hint: string
  seconds: number
}
