import { Box, Button, Checkbox, Group, Select, Slider, Stack } from '@mantine/core'
import { useState } from 'react'
import { dedupDataset } from '../../api/datasets'
import type { DatasetDetail } from '../../api/types'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { inProject } from '../../parts/where'
import { JobLine } from './JobLine'

/** Makes a dataset of those records that say something of their own. */
export function DedupForm({ dataset, project }: { dataset: DatasetDetail; project: string }) {
  const [near, setNear] = useState(90)
  const [semantic, setSemantic] = useState(false)
  const [within, setWithin] = useState<'all' | 'label'>('all')
  const [keep, setKeep] = useState<'first' | 'longest'>('first')
  const [job, setJob] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const start = async () => {
    setError(null)
    try {
      setJob((await dedupDataset(dataset.name, { near: near / 100, semantic, within, keep })).id)
    } catch (problem) {
      setError(problem)
    }
  }
  return (
    <Stack gap="md" maw={560}>
      <p className="sb-soft" style={{ margin: 0 }}>
        What stays comes into a new dataset; this one is left as it is.
      </p>
      <Box>
        <div id="likeness">Texts that are alike by {near} % count as the same</div>
        <Slider
          aria-labelledby="likeness"
          thumbLabel="Likeness"
          min={51}
          max={100}
          label={null}
          value={near}
          onChange={setNear}
          mt={6}
        />
      </Box>
      <Group align="flex-end" gap="sm">
        <Select
          label="Compared"
          w={210}
          data={[
            { value: 'all', label: 'all with all' },
            { value: 'label', label: 'within the same label' },
          ]}
          value={within}
          onChange={(value) => setWithin(value === 'label' ? 'label' : 'all')}
        />
        <Select
          label="Which stays"
          w={150}
          data={[
            { value: 'first', label: 'the first' },
            { value: 'longest', label: 'the longest' },
          ]}
          value={keep}
          onChange={(value) => setKeep(value === 'longest' ? 'longest' : 'first')}
        />
        <Button variant="default" onClick={() => void start()}>
          Remove duplicates
        </Button>
      </Group>
      <Checkbox
        label="also those that mean the same in other words (slower; a small model reads them)"
        checked={semantic}
        onChange={(event) => setSemantic(event.currentTarget.checked)}
      />
      <ErrorNote error={error} />
      {job && (
        <JobLine
          id={job}
          result={({ result }) => {
            const name = String(result?.dataset ?? '')
            const kept = result?.kept
            return (
              <>
                <Link to={inProject(project, 'datasets', name)}>{name}</Link>{' '}
                {typeof kept === 'number' && counted(kept, 'record')} · {Number(result?.removed ?? 0)} were
                said twice
              </>
            )
          }}
        />
      )}
    </Stack>
  )
}
