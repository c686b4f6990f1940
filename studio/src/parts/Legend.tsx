import { lookOf } from './marking'

/** What the colours of spans stand for. */
export function Legend({ labels }: { labels: readonly string[] }) {
  if (!labels.length) return null
  return (
    <ul className="sb-legend" aria-label="Labels of the marked words">
      {labels.map((label) => (
        <li key={label}>
          <span className="sb-mark" style={lookOf([label])}>
            {label}
          </span>
        </li>
      ))}
    </ul>
  )
}
