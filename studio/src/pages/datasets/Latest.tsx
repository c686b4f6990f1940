import { useQuery } from '@tanstack/react-query'
import { keys } from '../../api/keys'
import { fetchRecords } from '../../api/records'
import { Answer } from '../../parts/Answer'
import { Link } from '../../parts/Link'
import { MarkedText } from '../../parts/MarkedText'
import { StateDot } from '../../parts/StateDot'
import { inProject } from '../../parts/where'

const SHOWN = 8

/** The records that came last. */
export function Latest({ dataset, project }: { dataset: string; project: string }) {
  const records = useQuery({
    queryKey: keys.recordsOf(dataset, { latest: SHOWN }),
    queryFn: () => fetchRecords(dataset, {}, 'last', '', SHOWN),
  })
  return (
    <Answer query={records} rows={4}>
      {({ items }) =>
        items.length ? (
          <>
            <ul style={{ margin: '0 0 10px', padding: 0, listStyle: 'none' }}>
              {items.map((row) => (
                <li
                  key={row.id}
                  style={{
                    display: 'grid',
                    gridTemplateColumns: '92px minmax(0, 1fr) minmax(0, 130px)',
                    gap: 12,
                    alignItems: 'center',
                    padding: '7px 0',
                    borderBottom: '1px solid var(--sb-line)',
                  }}
                >
                  <StateDot state={row.decision} />
                  <span className="sb-one-line" style={{ lineHeight: '24px' }}>
                    <MarkedText
                      text={row.text.slice(0, 300)}
                      spans={row.spans.filter((one) => one.end < 280)}
                    />
                  </span>
                  <span className="sb-meta sb-one-line">{row.label}</span>
                </li>
              ))}
            </ul>
            <Link to={inProject(project, 'review', dataset)}>All of them in Review</Link>
          </>
        ) : (
          <p className="sb-soft">No record has come in yet.</p>
        )
      }
    </Answer>
  )
}
