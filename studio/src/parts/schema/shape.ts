import type { Json, Schema } from '../../api/types'

export type ShapeKind =
  | 'text'
  | 'number'
  | 'switch'
  | 'choice'
  | 'texts'
  | 'map of texts'
  | 'map of numbers'
  | 'map of lists'
  | 'map of fields'
  | 'list'
  | 'object'
  | 'union'
  | 'json'

/** What one field of a form is, out of its JSON Schema. */
export interface Shape {
  kind: ShapeKind
  schema: Schema
  /** May be left out: null counts as "not set". */
  empty: boolean
  choices: Json[]
  options: Schema[]
}

/** Follows `$ref`, and puts `allOf` of one together with what stands beside it. */
export function resolve(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  if (name !== undefined) {
    const { $ref: _, ...beside } = schema
    return { ...resolve(root.$defs?.[name] ?? {}, root), ...beside }
  }
  const only = schema.allOf?.length === 1 ? schema.allOf[0] : undefined
  if (!only) return schema
  const { allOf: _, ...beside } = schema
  return { ...resolve(only, root), ...beside }
}

export function shapeOf(given: Schema, root: Schema): Shape {
  const schema = resolve(given, root)
  const options = (schema.anyOf ?? schema.oneOf ?? []).map((one) => resolve(one, root))
  const real = options.filter((one) => one.type !== 'null')
  const empty = real.length < options.length
  if (real.length === 1 && real[0]) {
    const { anyOf: _, oneOf: __, ...beside } = schema
    return { ...shapeOf({ ...real[0], ...beside }, root), empty: true }
  }
  if (real.length > 1) return union(schema, real, empty, root)
  return { kind: kindOf(schema, root), schema, empty, choices: choicesOf(schema), options: [] }
}

/** A union of a scalar with a list of it is written as the list; of numbers and texts, as a text. */
function union(schema: Schema, real: Schema[], empty: boolean, root: Schema): Shape {
  if (real.every((one) => choicesOf(one).length > 0)) {
    return { kind: 'choice', schema, empty, choices: real.flatMap(choicesOf), options: [] }
  }
  if (real.every((one) => one.type === 'integer' || one.type === 'number')) {
    return {
      kind: 'number',
      schema: { ...real[0], ...schema, anyOf: undefined },
      empty,
      choices: [],
      options: [],
    }
  }
  return { kind: 'union', schema, empty, choices: [], options: real.map((one) => resolve(one, root)) }
}

function choicesOf(schema: Schema): Json[] {
  return schema.enum ?? (schema.const === undefined ? [] : [schema.const])
}

function kindOf(schema: Schema, root: Schema): ShapeKind {
  if (choicesOf(schema).length) return 'choice'
  if (schema.type === 'string') return 'text'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'boolean') return 'switch'
  if (schema.type === 'array') return arrayKind(schema, root)
  if (schema.properties) return 'object'
  return schema.type === 'object' ? mapKind(schema, root) : 'json'
}

function arrayKind(schema: Schema, root: Schema): ShapeKind {
  const items = typeof schema.items === 'object' ? resolve(schema.items, root) : {}
  if (items.type === 'string') return 'texts'
  return items.properties || items.anyOf || items.oneOf ? 'list' : 'json'
}

function mapKind(schema: Schema, root: Schema): ShapeKind {
  const given = schema.additionalProperties
  const items = typeof given === 'object' ? resolve(given, root) : {}
  if (items.type === 'string') return 'map of texts'
  if (items.type === 'number' || items.type === 'integer') return 'map of numbers'
  if (items.properties || typeof items.additionalProperties === 'object') return 'map of fields'
  if (items.type !== 'array' || typeof items.items !== 'object') return 'json'
  return resolve(items.items, root).type === 'string' ? 'map of lists' : 'json'
}

/** What a new value of this shape is. */
export function blank(shape: Shape): Json {
  if (shape.schema.default !== undefined) return shape.schema.default
  if (shape.empty) return null
  if (shape.kind === 'choice') return shape.choices[0] ?? null
  if (shape.kind === 'texts' || shape.kind === 'list') return []
  if (shape.kind === 'switch') return false
  if (shape.kind === 'number') return shape.schema.minimum ?? 0
  return shape.kind === 'text' ? '' : {}
}

/** "items_per_call" → "Items per call". */
export function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A description in one flow of words, without the code marks of its author. */
export function helpOf(schema: Schema): string {
  return (schema.description ?? '')
    .replaceAll('`', '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
}
