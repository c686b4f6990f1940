import { count } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { lookOf } from '../../parts/marking'

interface Props {
  title: string
  values: Record<string, number>
  /** They are labels of marked words: each stands in its colour. */
  marked?: boolean
  /** Where a bar leads. */
  to?: (value: string) => string
}

/** Counts as thin bars, each with its figure. */
export function Bars({ title, values, marked = false, to }: Props) {
  const all = Object.entries(values)
  const most = Math.max(1, ...all.map(([, number]) => number))
  return (
    <div style={{ minWidth: 0 }}>
      <div style={{ fontWeight: 550, marginBottom: 6 }}>{title}</div>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {all.map(([value, number]) => (
          <li
            key={value}
            style={{
              display: 'grid',
              gridTemplateColumns: 'minmax(0, 140px) 1fr 64px',
              gap: 10,
              alignItems: 'center',
              minHeight: 26,
            }}
          >
            <span className="sb-one-line" title={value}>
              {to ? (
                <Link to={to(value)}>{value || 'none'}</Link>
              ) : marked ? (
                <span className="sb-mark" style={{ ...lookOf([value]), padding: '1px 5px' }}>
                  {value}
                </span>
              ) : (
                value || 'none'
              )}
            </span>
            <span aria-hidden="true" style={{ height: 8, borderRadius: 4, background: 'var(--sb-side)' }}>
              <span
                style={{
                  display: 'block',
                  width: `${(100 * number) / most}%`,
                  minWidth: 2,
                  height: '100%',
                  borderRadius: 4,
                  background: 'var(--sb-approve)',
                }}
              />
            </span>
            <span style={{ textAlign: 'right' }}>{count(number)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
