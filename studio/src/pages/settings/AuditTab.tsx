import { Button } from '@mantine/core'
import { useAudit } from '../../api/people'
import { Answer } from '../../parts/Answer'
import { ErrorNote } from '../../parts/ErrorNote'
import { moment } from '../../parts/figures'
import { Heads } from '../../parts/Heads'

/** Who changed what: people, tokens, connections, deletions. */
export function AuditTab() {
  const log = useAudit()
  return (
    <Answer query={log}>
      {({ pages }) =>
        pages[0]?.items.length ? (
          <>
            <table className="sb-table">
              <caption className="sb-hidden">The log, the latest entries first</caption>
              <Heads columns={['When', 'Who', 'What', 'Of']} />
              <tbody>
                {pages
                  .flatMap((one) => one.items)
                  .map((entry, place) => (
                    <tr key={place}>
                      <td className="sb-whole sb-figures">{moment(entry.at)}</td>
                      <td>{entry.who}</td>
                      <td>{entry.action}</td>
                      <td style={{ overflowWrap: 'anywhere' }}>{entry.target}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
            {log.hasNextPage && (
              <Button
                variant="default"
                mt="md"
                loading={log.isFetchingNextPage}
                onClick={() => void log.fetchNextPage()}
              >
                Show older entries
              </Button>
            )}
            {log.isFetchNextPageError && <ErrorNote error={log.error} />}
          </>
        ) : (
          <div className="sb-soft">
            Nothing yet: people, tokens, connections and deletions are noted here.
          </div>
        )
      }
    </Answer>
  )
}
