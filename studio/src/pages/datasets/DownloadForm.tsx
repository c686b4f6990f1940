import { Box, Button, Checkbox, Group, Select } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useFormats } from '../../api/choices'
import { datasetFile } from '../../api/datasets'
import type { DatasetDetail, Decision } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { SMALL, useOneLayer } from '../../parts/OneLayer'
import { inProject, useProjectId } from '../../parts/where'
import { written } from '../review/filter'

/** A file in any format: all records that nobody declined, or only some. */
export function DownloadForm({ dataset }: { dataset: DatasetDetail }) {
  const project = useProjectId()
  const formats = useFormats()
  const [format, setFormat] = useState('csv')
  const [decision, setDecision] = useState<string>('')
  const [label, setLabel] = useState<string>('')
  const [origin, setOrigin] = useState(false)
  const labels = dataset.label_column ? Object.keys(dataset.counts[dataset.label_column] ?? {}) : []
  const where = { decision: (decision || undefined) as Decision | undefined, label: label || undefined }
  const overlapping = written({ where: { ...where, overlapping: true }, sort: 'first' })
  const see = (
    <Link style={SMALL} to={`${inProject(project, 'review', dataset.name)}?${overlapping}`}>
      See them in Review
    </Link>
  )
  const layer = useOneLayer({ of: 'records', where: { dataset: dataset.name, ...where } }, format, see)
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="Format"
        w={220}
        searchable
        data={(formats.data ?? [])
          .filter((one) => one.writes)
          .map((one) => ({ value: one.name, label: one.title }))}
        value={format}
        onChange={(value) => setFormat(value ?? 'csv')}
      />
      <Select
        label="Which records"
        w={220}
        data={[
          { value: '', label: 'All that are not declined' },
          { value: 'approved', label: `Approved (${dataset.approved})` },
          { value: 'todo', label: 'Still to do' },
          { value: 'flagged', label: 'Flagged' },
          { value: 'declined', label: `Declined (${dataset.declined})` },
        ]}
        value={decision}
        onChange={(value) => setDecision(value ?? '')}
      />
      {labels.length > 0 && (
        <Select
          label="Label"
          w={180}
          searchable
          data={[
            { value: '', label: 'Any' },
            ...labels.filter(Boolean).map((one) => ({ value: one, label: one })),
          ]}
          value={label}
          onChange={(value) => setLabel(value ?? '')}
        />
      )}
      <Checkbox
        label="with where each comes from"
        mb={9}
        checked={origin}
        onChange={(event) => setOrigin(event.currentTarget.checked)}
      />
      {layer.ask && <Box w="100%">{layer.ask}</Box>}
      <Button
        component="a"
        loading={layer.looking}
        href={datasetFile(dataset.name, format, where, { origin, overlaps: layer.overlaps })}
        download
        variant="default"
        leftSection={<Icon name="download" />}
      >
        Download
      </Button>
    </Group>
  )
}
