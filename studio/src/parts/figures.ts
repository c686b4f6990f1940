const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** 1409 → "1,409". */
export function count(number: number): string {
  return whole.format(number)
}

/** "1 record", "1,409 records". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}

/** A share of 0 to 1: "0 %", "< 1 %", "12 %". */
export function share(part: number, all: number): string {
  if (!all) return '–'
  const percent = (100 * part) / all
  if (percent > 0 && percent < 1) return '< 1 %'
  return `${Math.floor(percent)} %`
}

export function money(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return 'unknown'
  if (amount === 0) return 'nothing'
  return amount < 0.01 ? '< 0.01 $' : `${amount.toFixed(2)} $`
}

export function size(bytes: number): string {
  return bytes < 1e6
    ? `${Math.ceil(bytes / 1e3)} kB`
    : bytes < 1e9
      ? `${Math.round(bytes / 1e6)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`
}

/** Seconds as a person says them: "8 s", "3 min", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Records a second, or a minute where that is a slow thing. */
export function rate(perSecond: number): string {
  return perSecond >= 1 ? `${short.format(perSecond)} a second` : `${short.format(perSecond * 60)} a minute`
}

/** When it was, as a person says it. */
export function ago(time: string, now = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000
  if (Number.isNaN(seconds)) return ''
  if (seconds < 60) return 'just now'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`
  return day(time)
}

/** "22 Nov 2026". */
export function day(time: string): string {
  return new Date(time).toLocaleDateString('en-GB', { dateStyle: 'medium' })
}

/** "22 Nov 2026, 17:04:16". */
export function moment(time: string): string {
  return new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
}

/** Whole numbers by weights that add up to `total` exactly (largest remainders). */
export function apportion(total: number, weights: readonly number[]): number[] {
  // as whole numbers, for 0.1 is a tenth here as on the server, and remainders that are the same stay so
  const whole = weights.map((one) => BigInt(Number.isFinite(one) ? Math.max(0, Math.round(one * 1e9)) : 0))
  const sum = whole.reduce((all, one) => all + one, 0n)
  if (sum === 0n || !(total > 0)) return weights.map(() => 0)
  const exact = whole.map((one) => BigInt(total) * one)
  const counts = exact.map((one) => Number(one / sum))
  const missing = total - counts.reduce((all, one) => all + one, 0)
  const order = exact
    .map((one, place) => ({ place, rest: one % sum }))
    .sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest < b.rest ? 1 : -1))
  for (const { place } of order.slice(0, missing)) counts[place] = (counts[place] ?? 0) + 1
  return counts
}
