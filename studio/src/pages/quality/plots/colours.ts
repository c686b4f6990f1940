/** The theme's tokens as colours a canvas can draw with. */
export interface Colours {
  ink: string
  soft: string
  line: string
  panel: string
  main: string
  wanted: string
  /** For several series, in their order. */
  series: string[]
}

const SERIES = ['--sb-approve', '--sb-mark-1-line', '--sb-decline', '--sb-mark-0-line', '--sb-mark-7-line']

export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    ink: token('--sb-ink'),
    soft: token('--sb-soft'),
    line: token('--sb-line'),
    panel: token('--sb-panel'),
    main: token('--sb-approve'),
    wanted: token('--sb-ink'),
    series: SERIES.map(token),
  }
}
