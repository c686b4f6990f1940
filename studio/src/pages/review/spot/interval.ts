import type { SpotCheckRow } from '../../../api/judging'

/** "4 % wrong (1 % to 9 %)": the share and its 95 % interval. */
export function interval({ error_rate, interval: [low, high] }: SpotCheckRow): string {
  const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`
  return `${percent(error_rate ?? 0)} (${percent(low)} to ${percent(high)})`
}
