/** All of them together. */
export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0)
}

/** The reason that occurs most, if any. */
export function mainReason(counts: Record<string, number>): string | undefined {
  return Object.entries(counts).sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** "label: polite · category: travel" of a cell. */
export function cellName(cell: Record<string, unknown>): string {
  const parts = Object.values(cell).filter((value) => value !== null && value !== '')
  return parts.length ? parts.map(String).join(' · ') : 'all'
}

/** What a state means, in a sentence with what to do. */
export const STATE_WORDS: Record<string, string> = {
  running: 'Texts are being written; this page follows.',
  paused: 'Paused: nothing is asked until it is resumed.',
  complete: 'All that was asked for is there.',
  shortfall:
    'Not all that was asked for could be made: see below what is missing, change the recipe or take what there is.',
  budget: 'The budget is used up. Raise it in the recipe, then resume.',
  failed: 'It could not go on.',
  interrupted: 'It was stopped in the middle and goes on where it was when it is resumed.',
  cancelled: 'It was cancelled; what was accepted is kept.',
}
