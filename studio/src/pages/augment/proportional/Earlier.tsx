import type { AugmentResult } from '../../../api/augment'
import { useAugmentations } from '../../../api/augment'
import type { TransformPart } from '../../../api/types'
import { Fold } from '../../../parts/Fold'
import { ago, counted } from '../../../parts/figures'
import { Heads } from '../../../parts/Heads'
import { Link } from '../../../parts/Link'
import { StateDot } from '../../../parts/StateDot'
import { inProject } from '../../../parts/where'
import { titleOfKind } from './plan'

interface Props {
  project: string
  dataset: string
  parts: readonly TransformPart[]
}

/** Copies that were made of a dataset before. */
export function Earlier({ project, dataset, parts }: Props) {
  const { data = [] } = useAugmentations(dataset)
  if (!data.length) return null
  return (
    <Fold title="Made before" note={counted(data.length, 'time')}>
      <table className="sb-table">
        <Heads columns={['When', 'State', 'Transforms', 'Dataset']} />
        <tbody>
          {data.map((job) => {
            const result = job.result as unknown as AugmentResult | null
            const kinds = Object.keys(result?.by_transform ?? {}).map((name) => name.replace(/-\d+$/, ''))
            return (
              <tr key={job.id}>
                <td>{ago(job.created)}</td>
                <td>
                  <StateDot state={job.state} />
                </td>
                <td>{kinds.map((kind) => titleOfKind(kind, parts)).join(', ') || job.message || '–'}</td>
                <td>
                  {result ? (
                    <Link to={inProject(project, 'review', result.dataset)}>{result.dataset}</Link>
                  ) : (
                    '–'
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Fold>
  )
}
