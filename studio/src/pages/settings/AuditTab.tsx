import { useAudit } from '../../api/people'
import { Answer } from '../../parts/Answer'
import { moment } from '../../parts/figures'
import { Heads } from '../../parts/Heads'

/** Who changed what: people, tokens, connections, deletions. */
export function AuditTab() {
  return (
    <Answer query={useAudit()}>
      {(entries) =>
        entries.length ? (
          <table className="sb-table">
            <caption className="sb-hidden">The latest entries of the log</caption>
            <Heads columns={['When', 'Who', 'What', 'Of']} />
            <tbody>
              {entries.map((entry, place) => (
                <tr key={place}>
                  <td className="sb-whole sb-figures">{moment(entry.at)}</td>
                  <td>{entry.who}</td>
                  <td>{entry.action}</td>
                  <td style={{ overflowWrap: 'anywhere' }}>{entry.target}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <div className="sb-soft">
            Nothing yet: people, tokens, connections and deletions are noted here.
          </div>
        )
      }
    </Answer>
  )
}
