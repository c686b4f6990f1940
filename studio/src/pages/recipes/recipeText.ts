import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Json } from '../../api/types'

export type Path = (string | number)[]
export type Values = Record<string, Json>

/** The document a YAML text says, or null where it is no YAML (yet), or no mapping. */
export function documentOf(text: string): Values | null {
  const parsed = parseDocument(text)
  if (parsed.errors.length) return null
  const value: unknown = parsed.toJS()
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : null
}

/** What stands at a path of a document. */
export function at(document: Json | undefined, path: Path): Json | undefined {
  let here: Json | undefined = document
  for (const step of path) {
    if (Array.isArray(here) && typeof step === 'number') here = here[step]
    else if (here && typeof here === 'object' && !Array.isArray(here)) here = here[String(step)]
    else return undefined
  }
  return here
}

/** The text with one value changed (`undefined`: taken away); comments and all that is not touched stay. */
export function withValue(text: string, path: Path, value: Json | undefined): string {
  const document = parseDocument(text)
  if (value === undefined) document.deleteIn(path)
  else put(document, path, value)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function put(document: Document, path: Path, value: Json): void {
  const old = document.getIn(path, true) as Node | undefined
  if (old !== undefined && merge(document, old, value)) return
  if (path.length === 1 || document.getIn(path.slice(0, -1)) !== undefined) {
    document.setIn(path, document.createNode(value))
    return
  }
  const key = path.at(-1)
  put(document, path.slice(0, -1), typeof key === 'number' ? [value] : { [String(key)]: value })
}

/** Changes a node in place where its kind stays the same. */
function merge(document: Document, node: Node, value: Json): boolean {
  if (isMap(node) && value && typeof value === 'object' && !Array.isArray(value)) {
    mergeMap(document, node, value)
    return true
  }
  if (isSeq(node) && Array.isArray(value)) {
    mergeList(document, node, value)
    return true
  }
  if (!isScalar(node) || (value !== null && typeof value === 'object')) return false
  if (typeof node.value !== typeof value) return false
  node.value = value
  return true
}

function mergeMap(document: Document, node: YAMLMap, value: Values): void {
  const names = node.items.map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key))
  const wanted = Object.keys(value)
  const renamed =
    names.length === wanted.length && names.filter((name, place) => name !== wanted[place]).length === 1
  if (renamed) {
    const place = names.findIndex((name, index) => name !== wanted[index])
    const pair = node.items[place]
    if (pair && isScalar(pair.key)) pair.key.value = wanted[place]
  } else {
    for (const name of names) if (!(name in value)) node.delete(name)
  }
  for (const [name, one] of Object.entries(value)) {
    const old = node.get(name, true) as Node | undefined
    if (old === undefined || !merge(document, old, one)) node.set(name, document.createNode(one))
  }
}

function mergeList(document: Document, node: YAMLSeq, value: Json[]): void {
  if (value.length < node.items.length) {
    const gone = node.items.findIndex(
      (one, place) =>
        JSON.stringify(one) !== JSON.stringify(value[place] === undefined ? null : value[place]),
    )
    node.items.splice(gone < 0 ? value.length : gone, node.items.length - value.length)
  }
  for (const [place, one] of value.entries()) {
    const old = node.items[place] as Node | undefined
    if (old === undefined) node.items.push(document.createNode(one))
    else if (!merge(document, old, one)) node.items[place] = document.createNode(one)
  }
}
