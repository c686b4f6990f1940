import type { Json } from '../../api/types'
import { apportion, counted } from '../../parts/figures'
import type { Beside } from '../../parts/schema/words'
import { at, type Path, type Values } from './recipeText'

type Weights = [name: string, weight: number][]

/** Two labels that meet in one text, as they are written. */
export const JOINED = ' + '
const PAIR = 'boundary_pair'

/** How many records are asked for by the generator at a path; null where only the run can tell. */
export function wantedAt(document: Json, path: Path): number | null {
  // what stands inside of another generator makes as many as that one says, if it says a number
  const outer = path.at(-2) === 'generator' ? at(document, [...path.slice(0, -1), 'count']) : undefined
  const own = at(document, [...path, 'count'])
  const wanted = outer ?? own ?? at(document, [...path, 'generator', 'count'])
  return typeof wanted === 'number' && Number.isInteger(wanted) && wanted > 0 ? wanted : null
}

/** Whole counts of the labels by weight: of the records, or of the mentions in them. */
export function labelCounts(settings: Values, names: string[], weights: Path, wanted: number): number[] {
  const given = weightsOf(settings, names, weights)
  if (weights[0] === 'mentions') return apportion(wanted + Math.floor(wanted / 2), given)
  const tactics = tacticsOf(settings)
  if (!tactics) return apportion(wanted, given)
  const counts = tacticCounts(wanted, tactics).map((count, place) =>
    tactics[place]?.[0] === PAIR ? inPairs(settings, names, count / 2) : apportion(count, given),
  )
  return names.map((_, place) => counts.reduce((all, one) => all + (one[place] ?? 0), 0))
}

/** The weight of each label. One that mentions say nothing of is not mentioned, unless they say nothing at all. */
export function weightsOf(settings: Values, names: string[], weights: Path): number[] {
  const given = (at(settings, weights) ?? {}) as Values
  const silent = weights[0] === 'mentions' && Object.keys(given).length ? 0 : 1
  return names.map((name) => weightOf(given[name], silent))
}

/** What stands beside the weights in a generator's form: how many records each comes to. */
export function besideOf(kind: string, settings: Values, wanted: number | null): Beside {
  if (wanted === null) return {}
  const shared = (given: Json | undefined): Beside => told(pairsOf(given), wanted)
  if (kind === 'multilingual') return { languages: shared(settings.languages) }
  if (kind === 'rag_qa') return { kinds: shared(settings.kinds) }
  const beside: Beside = { ratios: ofRatios(settings, wanted) }
  if (kind === 'entities' && isJoined(settings)) beside.mentions = shared(settings.mentions)
  if (kind === 'evol_instruct' && settings.keep !== 'all')
    beside.operations = told(pairsOf(settings.operations), wanted)
  if (kind === 'adversarial') {
    const tactics = tacticsOf(settings) ?? []
    beside.tactics = said(tactics, tacticCounts(wanted, tactics))
  }
  if (kind === 'template') beside.values = ofVariables(settings, wanted)
  return beside
}

/** Whether the mentions are weights of combinations of labels. */
export function isJoined(settings: Values): boolean {
  return Object.keys((settings.mentions ?? {}) as Values).some((name) => name.includes(JOINED))
}

/** A variable with one value is in every record. */
function ofVariables(settings: Values, wanted: number): Beside {
  const given = Object.entries((settings.values ?? {}) as Values)
  return Object.fromEntries(
    given.map(([name, values]) => {
      const rows = pairsOf(values)
      return [name, rows.length > 1 ? told(rows, wanted) : said(rows, [wanted])]
    }),
  )
}

/** The weights of axes whose values stand in the form; what is not named weighs 1. */
function ofRatios(settings: Values, wanted: number): Beside {
  const axes: Values = {
    ...((settings.axes ?? {}) as Values),
    ...(settings.kind === 'classification' && { label: settings.labels ?? null }),
    ...(settings.categories ? { category: settings.categories } : {}),
  }
  const ratios = Object.entries((settings.ratios ?? {}) as Values)
  return Object.fromEntries(
    ratios.flatMap(([axis, given]) => {
      const names = namesOf(axes[axis])
      return names.length ? [[axis, told(zip(names, weightsOf({ given }, names, ['given'])), wanted)]] : []
    }),
  )
}

function tacticsOf(settings: Values): Weights | null {
  const rows = pairsOf(settings.tactics)
  return rows.length ? rows : null
}

/** Records by tactic: those of pairs come two by two, what is left over goes to the others. */
function tacticCounts(wanted: number, tactics: Weights): number[] {
  const counts = apportion(
    wanted,
    tactics.map(([, weight]) => weight),
  )
  const place = tactics.findIndex(([name]) => name === PAIR)
  const odd = (counts[place] ?? 0) % 2
  if (!odd) return counts
  const rest = tactics.map(([name, weight]) => (name === PAIR ? 0 : weight))
  const paired = (counts[place] ?? 0) - odd
  return apportion(wanted - paired, rest).map((count, at) => (at === place ? paired : count))
}

/** Texts by label of so many pairs: each pair is of two labels that stand next to each other. */
function inPairs(settings: Values, names: string[], pairs: number): number[] {
  const between = names.slice(1).map((name, place) => `${names[place]} | ${name}`)
  const counts = apportion(pairs, weightsOf(settings, between, ['ratios', 'label']))
  return names.map((_, place) => (counts[place - 1] ?? 0) + (counts[place] ?? 0))
}

function told(rows: Weights, wanted: number): Beside {
  return said(
    rows,
    apportion(
      wanted,
      rows.map(([, weight]) => weight),
    ),
  )
}

function said(rows: Weights, counts: number[]): Beside {
  return Object.fromEntries(rows.map(([name], place) => [name, counted(counts[place] ?? 0, 'record')]))
}

function zip(names: string[], weights: number[]): Weights {
  return names.map((name, place) => [name, weights[place] ?? 1])
}

function pairsOf(given: Json | undefined): Weights {
  const names = namesOf(given)
  return zip(names, weightsOf({ given: given ?? null }, names, ['given']))
}

function namesOf(given: Json | undefined): string[] {
  if (Array.isArray(given)) return given.map(String)
  if (given && typeof given === 'object') return Object.keys(given)
  return given === undefined || given === null ? [] : [String(given)]
}

function weightOf(weight: Json | undefined, silent: number): number {
  return typeof weight === 'number' ? weight : silent
}
