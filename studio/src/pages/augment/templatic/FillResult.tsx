import { Box, Group, Stack } from '@mantine/core'
import type { FillResult as Result } from '../../../api/fills'
import { ButtonLink } from '../../../parts/ButtonLink'
import { count, counted } from '../../../parts/figures'
import { Heads } from '../../../parts/Heads'
import { MarkedText } from '../../../parts/MarkedText'
import { inProject } from '../../../parts/where'
import { spansOf } from './slots'

/** What was made of each sentence, and why there are fewer. */
export function FillResult({ project, result }: { project: string; result: Result }) {
  return (
    <Stack className="sb-panel" p="md" gap="sm" component="section" aria-label="Result">
      <Group justify="space-between">
        <Box fz={15}>
          {counted(result.made, 'record')} made, in {result.dataset}.
        </Box>
        <ButtonLink to={inProject(project, 'review', result.dataset)}>Review them</ButtonLink>
      </Group>
      <table className="sb-table">
        <Heads columns={['Sentence', '#Asked', '#Made', 'Why fewer']} />
        <tbody>
          {result.by_template.map((one, place) => (
            <tr key={place}>
              <td style={{ overflowWrap: 'anywhere' }}>
                <MarkedText text={one.template} spans={spansOf(one.template)} />
              </td>
              <td className="sb-number">{count(one.asked)}</td>
              <td className="sb-number">{count(one.made)}</td>
              <td>{one.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Stack>
  )
}
