import { useDatasets } from '../../api/datasets'
import { useRole } from '../../api/session'
import { Answer } from '../../parts/Answer'
import { ButtonLink } from '../../parts/ButtonLink'
import { Empty } from '../../parts/Empty'
import { count } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { Page } from '../../parts/Page'
import { Ratio } from '../../parts/Ratio'
import { inProject, useProjectId } from '../../parts/where'

/** Which dataset is to be reviewed. */
export function ChooseDataset() {
  const project = useProjectId()
  const datasets = useDatasets(project)
  const mayEdit = useRole(project) !== 'reviewer'
  return (
    <Page title="Review" about="Approve, decline and correct records by keys.">
      <Answer query={datasets}>
        {(all) =>
          all.length ? (
            <table className="sb-table">
              <thead>
                <tr>
                  <th scope="col">Dataset</th>
                  <th scope="col">Reviewed</th>
                  <th scope="col" className="sb-number">
                    Approved
                  </th>
                  <th scope="col">
                    <span className="sb-hidden">Open</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map((one) => (
                  <tr key={one.name}>
                    <td style={{ overflowWrap: 'anywhere' }}>
                      <Link to={inProject(project, 'review', one.name)}>{one.name}</Link>
                    </td>
                    <td>
                      <Ratio part={one.reviewed} all={one.records} />
                    </td>
                    <td className="sb-number">{count(one.approved)}</td>
                    <td className="sb-number">
                      <ButtonLink
                        to={inProject(project, 'review', one.name)}
                        size="compact-sm"
                        variant="default"
                        aria-label={`Review ${one.name}`}
                      >
                        Review
                      </ButtonLink>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            <Empty
              sentence="Records come here when a run has made them, or when a file was imported."
              action={mayEdit && <ButtonLink to={inProject(project, 'datasets')}>Import a file</ButtonLink>}
              sample={<Sample />}
            />
          )
        }
      </Answer>
    </Page>
  )
}

function Sample() {
  return (
    <div className="sb-one-line">
      The parcel came two days late, and nobody told me. <span className="sb-soft">complaint</span>{' '}
      <kbd>A</kbd> approve <kbd>D</kbd> decline
    </div>
  )
}
