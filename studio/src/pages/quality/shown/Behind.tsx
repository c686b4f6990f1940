import { Drawer, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../../api/client'
import type { ReviewRecord } from '../../../api/types'
import { Answer } from '../../../parts/Answer'
import { Link } from '../../../parts/Link'
import { MarkedText } from '../../../parts/MarkedText'
import type { Door } from '../blocks'

interface Props {
  report: string
  section: string
  /** The figure as the report knows it; null: closed. */
  figure: { name: string; key: string } | null
  door: Door
  onClose: () => void
}

const SHOWN = 20

/** The records behind a figure that no filter of Review finds. */
export function Behind({ report, section, figure, door, onClose }: Props) {
  const key = figure?.key ?? ''
  const query = useQuery({
    queryKey: ['reports', 'behind', report, section, key],
    queryFn: async ({ signal }) => {
      const found = await get<{ items: string[] }>(['reports', report, 'records'], {
        signal,
        query: { section, key, limit: SHOWN },
      })
      return Promise.all(found.items.map((id) => get<ReviewRecord>(['records', id], { signal })))
    },
    enabled: figure !== null,
  })
  return (
    <Drawer opened={figure !== null} onClose={onClose} title={figure?.name ?? ''} size={480}>
      <Answer query={query}>
        {(records) => (
          <Stack gap={0}>
            <div className="sb-meta">
              {records.length < SHOWN ? `${records.length} records` : `The first ${SHOWN} records`}
            </div>
            {records.map((record) => (
              <div key={record.id} style={{ padding: '10px 0', borderBottom: '1px solid var(--sb-line)' }}>
                <div style={{ overflowWrap: 'anywhere' }}>
                  <MarkedText text={record.text} spans={record.spans} />
                </div>
                <div className="sb-meta">
                  {record.label} <Link to={door({ record: record.id })}>Open in Review</Link>
                </div>
              </div>
            ))}
          </Stack>
        )}
      </Answer>
    </Drawer>
  )
}
