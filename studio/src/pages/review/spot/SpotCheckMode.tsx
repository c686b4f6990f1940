import { Button, Group, NumberInput, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { drawSpotCheck, type SpotCheckRow, useSpotCheck, useSpotChecks } from '../../../api/judging'
import { keys } from '../../../api/keys'
import { Answer } from '../../../parts/Answer'
import { ButtonLink } from '../../../parts/ButtonLink'
import { ErrorNote } from '../../../parts/ErrorNote'
import { ago, count } from '../../../parts/figures'
import { Page } from '../../../parts/Page'
import { inProject, useProjectId } from '../../../parts/where'
import { interval } from './interval'
import { Judging } from './Judging'

/** A sample of records, judged one by one: what share of all is wrong, and how sure that is. */
export function SpotCheckMode({ dataset }: { dataset: string }) {
  const project = useProjectId()
  const queries = useQueryClient()
  const [open, setOpen] = useState<string | null>(null)
  const [n, setN] = useState<number | string>(50)
  const [drawing, setDrawing] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const checks = useSpotChecks(dataset)
  const check = useSpotCheck(open)
  const draw = async () => {
    setDrawing(true)
    setError(null)
    try {
      const drawn = await drawSpotCheck(dataset, Number(n) || 50)
      queries.setQueryData(keys.spotCheck(drawn.id), drawn)
      setOpen(drawn.id)
      void queries.invalidateQueries({ queryKey: keys.spotChecks(dataset) })
    } catch (problem) {
      setError(problem)
    } finally {
      setDrawing(false)
    }
  }
  const leave = () => {
    setOpen(null)
    void queries.invalidateQueries({ queryKey: keys.spotChecks(dataset) })
  }
  return (
    <Page
      title={`Spot check of ${dataset}`}
      about="A sample drawn by chance says how good all records are."
      actions={
        <ButtonLink to={inProject(project, 'review', dataset)} variant="default" size="compact-md">
          Back to Review
        </ButtonLink>
      }
    >
      {open !== null ? (
        <Answer query={check}>{(one) => <Judging key={one.id} check={one} leave={leave} />}</Answer>
      ) : (
        <Stack gap="lg" maw={720}>
          <p className="sb-soft" style={{ margin: 0 }}>
            Say of each record whether it is right or wrong. Where about a tenth is wrong, 50 judged records
            tell the share to about 8 points each side, 100 to about 6, 400 to about 3.
          </p>
          <Group align="flex-end" gap="sm">
            <NumberInput label="How many records" min={1} max={1000} w={160} value={n} onChange={setN} />
            <Button loading={drawing} onClick={() => void draw()}>
              Draw a sample
            </Button>
          </Group>
          <ErrorNote error={error} />
          <Answer query={checks} rows={2}>
            {(all) =>
              all.length ? (
                <Past all={all} open={setOpen} />
              ) : (
                <p className="sb-soft">No sample was judged yet.</p>
              )
            }
          </Answer>
        </Stack>
      )}
    </Page>
  )
}

function Past({ all, open }: { all: SpotCheckRow[]; open: (id: string) => void }) {
  return (
    <table className="sb-table">
      <caption className="sb-meta" style={{ textAlign: 'left', captionSide: 'top' }}>
        Samples so far
      </caption>
      <thead>
        <tr>
          <th scope="col">Drawn</th>
          <th scope="col">Judged</th>
          <th scope="col">Right</th>
          <th scope="col">Wrong of all</th>
          <th scope="col">
            <span className="sb-hidden">Open</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {all.map((one) => (
          <tr key={one.id}>
            <td>{ago(one.created)}</td>
            <td>
              {count(one.judged)} of {count(one.sample)}
            </td>
            <td>{count(one.right)}</td>
            <td>{one.judged ? interval(one) : '–'}</td>
            <td className="sb-number">
              <Button size="compact-sm" variant="default" onClick={() => open(one.id)}>
                {one.judged < one.sample ? 'Go on' : 'Look'}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
