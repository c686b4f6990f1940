import { Box, Group, Stack } from '@mantine/core'
import type { AugmentResult as Result } from '../../../api/augment'
import { ButtonLink } from '../../../parts/ButtonLink'
import { count, counted } from '../../../parts/figures'
import { Heads } from '../../../parts/Heads'
import { inProject } from '../../../parts/where'

interface Props {
  project: string
  result: Result
  /** Of what was asked, by its name in the result. */
  titles: Record<string, string>
}

/** What an augmentation made: by transform asked, made, and why there are less. */
export function AugmentResult({ project, result, titles }: Props) {
  const rows = Object.entries(result.by_transform)
  return (
    <Stack className="sb-panel" p="md" gap="sm" component="section" aria-label="Result">
      <Group justify="space-between">
        <Box fz={15}>
          {result.made > 0
            ? `${counted(result.made, 'copy', 'copies')} made, in ${result.dataset}.`
            : 'No copy could be made.'}
        </Box>
        {result.records > 0 && (
          <Group gap="xs">
            <ButtonLink to={inProject(project, 'review', result.dataset)}>Review them</ButtonLink>
            <ButtonLink variant="default" to={inProject(project, 'quality', result.dataset)}>
              Measure them
            </ButtonLink>
          </Group>
        )}
      </Group>
      <Box style={{ overflowX: 'auto' }}>
        <table className="sb-table">
          <Heads columns={['Transform', '#Asked', '#Can change', '#Made', 'Why fewer']} />
          <tbody>
            {rows.map(([name, one]) => (
              <tr key={name}>
                <td>{titles[name] ?? name.replaceAll('_', ' ')}</td>
                <td className="sb-number">{count(one.asked)}</td>
                <td className="sb-number">{one.applicable === undefined ? '–' : count(one.applicable)}</td>
                <td className="sb-number">{count(one.made)}</td>
                <td>{one.why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Box>
    </Stack>
  )
}
