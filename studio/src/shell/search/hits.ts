import type { SearchHit } from '../../api/types'
import { inProject } from '../../parts/where'
import { menu } from '../pages'

/** Something to open, as one line of the results. */
export interface Found {
  key: string
  title: string
  /** What it belongs to, or how it stands. */
  about: string
  to: string
}

export interface FoundGroup {
  title: string
  found: Found[]
}

const BEFORE = 24

const GROUPS: [SearchHit['kind'], string][] = [
  ['dataset', 'Datasets'],
  ['recipe', 'Recipes'],
  ['template', 'Templates'],
  ['run', 'Runs'],
  ['task', 'Tasks'],
  ['record', 'Records'],
]

/** The pages whose name begins with what is typed; all of them while nothing is. */
export function pagesFor(project: string, typed: string): FoundGroup[] {
  const word = typed.trim().toLowerCase()
  const found = menu
    .flatMap((group) => group.entries)
    .filter((entry) => entry.title.toLowerCase().startsWith(word))
    .map((entry) => ({
      key: `page ${entry.name}`,
      title: entry.title,
      about: '',
      to: inProject(project, entry.name),
    }))
  return found.length ? [{ title: 'Pages', found }] : []
}

/** What the service found, by kind: names before texts. */
export function grouped(project: string, hits: readonly SearchHit[], typed: string): FoundGroup[] {
  return GROUPS.map(([kind, title]) => ({
    title,
    found: hits
      .filter((hit) => hit.kind === kind)
      .map((hit) => ({
        key: `${kind} ${hit.id}`,
        title: kind === 'record' || kind === 'task' ? around(hit.title, typed) : hit.title,
        about: kind === 'run' ? hit.text : kind === 'record' || kind === 'task' ? (hit.dataset ?? '') : '',
        to: addressOf(project, hit, typed.trim()),
      })),
  })).filter((group) => group.found.length > 0)
}

function addressOf(project: string, hit: SearchHit, words: string): string {
  const id = encodeURIComponent(hit.id)
  const dataset = hit.dataset ?? ''
  switch (hit.kind) {
    case 'record':
      return `${inProject(project, 'review', dataset)}?record=${id}`
    case 'task':
      return `${inProject(project, 'tasks')}?${new URLSearchParams({ dataset, q: words })}&task=${id}`
    default:
      return inProject(project, `${hit.kind}s`, hit.id)
  }
}

/** A text from shortly before the first of the words, so that it is in sight on one line. */
function around(text: string, typed: string): string {
  const plain = text.toLowerCase()
  const places = typed
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .map((word) => plain.indexOf(word))
  const first = Math.min(...places.filter((place) => place >= 0))
  if (!Number.isFinite(first) || first <= BEFORE) return text
  const start = text.lastIndexOf(' ', first - BEFORE / 2) + 1
  return `… ${text.slice(start)}`
}

/** A title cut where the words that were typed begin and end. */
export function withWords(title: string, typed: string): { text: string; hit: boolean }[] {
  const words = typed.trim().split(/\s+/).filter(Boolean)
  if (!words.length) return [{ text: title, hit: false }]
  const any = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return title
    .split(new RegExp(`(${any})`, 'giu'))
    .map((text, place) => ({ text, hit: place % 2 === 1 }))
    .filter((piece) => piece.text !== '')
}
