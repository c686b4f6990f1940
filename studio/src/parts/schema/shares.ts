import { createContext } from 'react'

/** How many each of these names gets by its weight; undefined where the weights share out nothing that is known. */
export type CountsOf = (weights: readonly (readonly [string, number])[]) => number[] | undefined

/** What the weights of a form share out. */
export const Shares = createContext<CountsOf>(() => undefined)

interface Cell {
  cell: Record<string, string>
  wanted: number
}

/** Counts of the values that cells are made of: those of the axis that has just the weighted names for its values. */
export function sharesOf(cells: readonly Cell[], asked: number): CountsOf {
  const axes = new Map<string, Map<string, number>>()
  let listed = 0
  for (const one of cells) {
    listed += one.wanted
    for (const [axis, value] of Object.entries(one.cell)) {
      const counts = axes.get(axis) ?? new Map<string, number>()
      counts.set(value, (counts.get(value) ?? 0) + one.wanted)
      axes.set(axis, counts)
    }
  }
  return (weights) => {
    if (!asked || listed !== asked) return undefined // not all cells are listed
    const named = weights.filter(([, weight]) => weight > 0).map(([name]) => name)
    const found = [...axes.values()].find(
      (counts) => counts.size === named.length && named.every((name) => counts.has(name)),
    )
    return found && named.length ? weights.map(([name]) => found.get(name) ?? 0) : undefined
  }
}
