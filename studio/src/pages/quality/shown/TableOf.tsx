import { Link } from '../../../parts/Link'

export interface Row {
  cells: string[]
  to?: string
  /** What is done where no address leads to the records. */
  open?: () => void
}

/** The figures of a plot as a table, each row with a way to its records. */
export function TableOf({ title, head, rows }: { title: string; head: string[]; rows: Row[] }) {
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="sb-table">
        <caption className="sb-hidden">{title}</caption>
        <thead>
          <tr>
            {head.map((name, place) => (
              <th key={name} scope="col" className={place ? 'sb-number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={place}>
              {row.cells.map((cell, at) => (
                <td
                  key={at}
                  className={at ? 'sb-number' : undefined}
                  style={at ? undefined : { overflowWrap: 'anywhere' }}
                >
                  {at === 0 ? <First row={row} text={cell} /> : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function First({ row, text }: { row: Row; text: string }) {
  const shown = text || '(none)'
  if (row.to) return <Link to={row.to}>{shown}</Link>
  if (!row.open) return shown
  return (
    <button
      type="button"
      onClick={row.open}
      style={{
        font: 'inherit',
        border: 0,
        padding: 0,
        background: 'none',
        color: 'var(--sb-approve-ink)',
        textDecoration: 'underline',
        textUnderlineOffset: 2,
        textAlign: 'left',
        cursor: 'pointer',
      }}
    >
      {shown}
    </button>
  )
}
