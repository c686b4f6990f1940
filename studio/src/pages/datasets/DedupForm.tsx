import { Box, Button, Checkbox, Group, Select, Slider, Stack } from '@mantine/core'
import { useState } from 'react'
import { dedupDataset, useDatasets } from '../../api/datasets'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { inProject } from '../../parts/where'
import { JobLine } from './JobLine'

interface Props {
  /** The name of the dataset. */
  dataset: string
  project: string
  /** Another dataset to begin with: what is in it is left out. */
  against?: string
}

/** Makes a dataset of those records that say something of their own, and that another one does not have. */
export function DedupForm({ dataset, project, against: first = '' }: Props) {
  const datasets = useDatasets(project)
  const [against, setAgainst] = useState(first)
  const [near, setNear] = useState(90)
  const [semantic, setSemantic] = useState(false)
  const [within, setWithin] = useState<'all' | 'label'>('all')
  const [keep, setKeep] = useState<'first' | 'longest'>('first')
  const [job, setJob] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const start = async () => {
    setError(null)
    try {
      const wish = { near: near / 100, semantic, within, keep, ...(against ? { against } : {}) }
      setJob((await dedupDataset(dataset, wish)).id)
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
      </Group>
      <Select
        label="Leave out what is in"
        description="Another dataset, such as the real data or a test set; its records are not changed."
        placeholder="no other dataset"
        maw={376}
        searchable
        clearable
        data={(datasets.data ?? []).map((one) => one.name).filter((name) => name !== dataset)}
        value={against || null}
        onChange={(name) => setAgainst(name ?? '')}
      />
      <Checkbox
        label="also those that mean the same in other words (slower; a small model reads them)"
        checked={semantic}
        onChange={(event) => setSemantic(event.currentTarget.checked)}
      />
      <Group>
        <Button variant="default" onClick={() => void start()}>
          Remove duplicates
        </Button>
      </Group>
      <ErrorNote error={error} />
      {job && (
        <JobLine
          id={job}
          result={({ result }) => {
            const name = String(result?.dataset ?? '')
            const kept = result?.kept
            const elsewhere = Number((result?.reasons as Record<string, number> | undefined)?.against ?? 0)
            return (
              <>
                <Link to={inProject(project, 'datasets', name)}>{name}</Link>{' '}
                {typeof kept === 'number' && counted(kept, 'record')} · {Number(result?.removed ?? 0)} left
                out
                {elsewhere > 0 && `, ${elsewhere} of them because ${against} has them`}
              </>
            )
          }}
        />
      )}
    </Stack>
  )
}
