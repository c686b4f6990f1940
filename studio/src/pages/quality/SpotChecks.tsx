import { Group, Stack } from '@mantine/core'
import { useSamples } from '../../api/reports'
import { ButtonLink } from '../../parts/ButtonLink'
import { ago, count, counted } from '../../parts/figures'
import { Heads } from '../../parts/Heads'
import { inProject } from '../../parts/where'
import { between, num, percent } from './read'

/** Random samples that people judge: how many are wrong, with the interval; and the way to judge more. */
export function SpotChecks({ project, dataset }: { project: string; dataset: string }) {
  const { data = [] } = useSamples(dataset)
  const review = inProject(project, 'review', dataset)
  return (
    <Stack component="section" gap="sm" aria-label="Spot check">
      <Group justify="space-between">
        <h2 style={{ margin: 0, fontSize: 15 }}>Spot check</h2>
        <ButtonLink variant="default" to={`${review}?mode=spot-check`}>
          Judge a random sample
        </ButtonLink>
      </Group>
      {data.length === 0 ? (
        <div className="sb-soft">
          No figure is worth as much as a look: judge 50 records drawn by chance, and the share of wrong ones
          is known within a few points.
        </div>
      ) : (
        <table className="sb-table">
          <Heads columns={['Drawn', '#Judged', '#Right', '#Wrong, of all', '#With 95 % between']} />
          <tbody>
            {data.map((one) => {
              const wrong = one.wrong ?? one.judged - one.right
              return (
                <tr key={one.id}>
                  <td>
                    {one.created ? ago(one.created) : one.id}
                    {one.sample ? `, ${counted(one.sample, 'record')}` : ''}
                  </td>
                  <td className="sb-number">{count(one.judged)}</td>
                  <td className="sb-number">{count(one.right)}</td>
                  <td className="sb-number">{one.judged ? percent(wrong / one.judged) : '–'}</td>
                  <td className="sb-number">
                    {one.judged && one.interval ? between([num(one.interval[0]), num(one.interval[1])]) : '–'}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </Stack>
  )
}
