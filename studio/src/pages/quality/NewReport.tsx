import { Button, Group, MultiSelect, NumberInput, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useModels } from '../../api/choices'
import type { ReportBody } from '../../api/reports'
import type { Dataset, DatasetDetail } from '../../api/types'
import { ErrorNote } from '../../parts/ErrorNote'
import { Fold } from '../../parts/Fold'
import { count, counted } from '../../parts/figures'
import { ModelField } from '../../parts/ModelField'
import { SECTIONS } from './sections'

interface Props {
  project: string
  dataset: DatasetDetail
  others: readonly Dataset[]
  busy: boolean
  error: unknown
  /** Whether its options are shown at once. */
  unfolded?: boolean
  onStart: (body: ReportBody) => void
}

/** What a report is to look at, with what each costs. */
export function NewReport({ project, dataset, others, busy, error, unfolded, onStart }: Props) {
  const models = useModels(project)
  const [compare, setCompare] = useState<string | null>(null)
  const [real, setReal] = useState<string | null>(null)
  const [model, setModel] = useState('')
  const [limit, setLimit] = useState<number | string>('')
  const [only, setOnly] = useState<string[]>([])
  const [texts, setTexts] = useState<string[]>([])
  const columns = [...new Set([...Object.keys(dataset.counts), 'model'])]
  const calls = typeof limit === 'number' ? Math.min(limit, dataset.records) : dataset.records
  const set = [compare, real, model].filter(Boolean).length + (only.length ? 1 : 0) + (texts.length ? 1 : 0)
  return (
    <Stack gap="md" w="100%">
      <Fold title="Options" note={set ? `${set} set` : 'none is needed'} open={unfolded}>
        <Stack gap="md" maw={560}>
          <Select
            label="Compare"
            description="Side by side, the records by the values of a column. No calls."
            placeholder="nothing"
            clearable
            data={columns}
            value={compare}
            onChange={setCompare}
          />
          <Select
            label="Real data"
            description="What people wrote: for usefulness, privacy, and how near these texts come to it. No calls."
            placeholder="none"
            clearable
            searchable
            data={others.filter((one) => one.name !== dataset.name).map((one) => one.name)}
            value={real}
            onChange={setReal}
            nothingFoundMessage="Import a file of real records under Datasets first"
          />
          <ModelField
            label="Relabel with a model"
            description={`A second opinion on each label: one call for each record, ${counted(calls, 'call')} for these.`}
            choices={models.data ?? []}
            value={model}
            onChange={setModel}
          />
          {model && (
            <NumberInput
              label="Relabel at most"
              description="So many records, drawn by chance; all if empty."
              min={1}
              max={dataset.records}
              allowDecimal={false}
              thousandSeparator=","
              placeholder={count(dataset.records)}
              value={limit}
              onChange={setLimit}
            />
          )}
          <MultiSelect
            label="Columns with the texts"
            description="Where their names do not say it."
            placeholder={texts.length ? undefined : 'found by their names'}
            clearable
            data={dataset.columns}
            value={texts}
            onChange={setTexts}
          />
          <MultiSelect
            label="Sections"
            description="All that can be measured, if none is chosen."
            placeholder={only.length ? undefined : 'all'}
            clearable
            data={Object.entries(SECTIONS)
              .filter(([name]) => name !== 'judges' && name !== 'compare')
              .map(([value, label]) => ({ value, label }))}
            value={only}
            onChange={setOnly}
          />
        </Stack>
      </Fold>
      {error !== null && <ErrorNote error={error} />}
      <Group>
        <Button
          loading={busy}
          onClick={() =>
            onStart({
              dataset: dataset.name,
              ...(compare ? { compare } : {}),
              ...(real ? { real } : {}),
              ...(model ? { relabel_with: model.trim() } : {}),
              ...(model && typeof limit === 'number' ? { relabel_limit: limit } : {}),
              ...(only.length ? { only } : {}),
              ...(texts.length ? { columns: texts } : {}),
            })
          }
        >
          Make a report
        </Button>
        <span className="sb-meta">
          {model ? `${counted(calls, 'call')} to ${model}` : 'No calls to a model.'}
        </span>
      </Group>
    </Stack>
  )
}
