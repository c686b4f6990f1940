/** What a section of a report is made of. */

/** One bar: a value, what was wanted, an interval, and the records behind it. */
export interface Bar {
  name: string
  value: number
  wanted?: number
  low?: number
  high?: number
  /** The address of the records behind it. */
  to?: string
  /** A figure of the report whose records are asked for, where no address finds them. */
  key?: string
}

export type Unit = 'count' | 'share' | 'number'

export interface Bars {
  type: 'bars'
  title: string
  /** What the value is called: "records". */
  word: string
  unit: Unit
  bars: Bar[]
}

export interface Stack {
  type: 'stack'
  title: string
  series: string[]
  rows: { name: string; values: number[]; to?: string }[]
}

export interface Lines {
  type: 'lines'
  title: string
  across: string
  word: string
  lines: { name: string; points: { x: number; y: number; low?: number; high?: number }[] }[]
}

export interface Numbers {
  type: 'numbers'
  items: { name: string; value: string; to?: string }[]
}

export interface Grid {
  type: 'grid'
  title: string
  head: string[]
  rows: { cells: string[]; to?: string }[]
}

export interface Texts {
  type: 'texts'
  title: string
  groups: { name: string; texts: string[]; to?: string }[]
}

export interface Words {
  type: 'words'
  text: string
}

export type Block = Bars | Stack | Lines | Numbers | Grid | Texts | Words

/** The addresses of records in Review, by the filters of its list. */
export type Door = (where: Record<string, string>) => string
