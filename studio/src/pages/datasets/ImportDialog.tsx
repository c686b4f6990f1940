import { Button, FileInput, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useFormats } from '../../api/choices'
import { type Imported, importFile } from '../../api/datasets'
import { keys } from '../../api/keys'
import { ButtonLink } from '../../parts/ButtonLink'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted, size } from '../../parts/figures'
import { useMissing } from '../../parts/missing'
import { inProject } from '../../parts/where'

interface Props {
  opened: boolean
  /** One that was dropped. */
  file: File | null
  close: () => void
  project: string
}

/** A file becomes a dataset. */
export function ImportDialog({ opened, file: dropped, close, project }: Props) {
  const queries = useQueryClient()
  const formats = useFormats()
  const [file, setFile] = useState<File | null>(dropped)
  const [name, setName] = useState(dropped ? named(dropped) : '')
  const [format, setFormat] = useState('')
  const [labels, setLabels] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [done, setDone] = useState<Imported | null>(null)
  const missing = useMissing()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(event.currentTarget as Element, file?.name) || !file) return
    setBusy(true)
    setError(null)
    try {
      setDone(await importFile(file, { name: name.trim(), project, format, labels: labels.trim() }))
      await queries.invalidateQueries({ queryKey: keys.datasets })
    } catch (problem) {
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  const leave = () => {
    close()
    setDone(null)
    setFile(null)
    setError(null)
  }
  return (
    <Modal opened={opened} onClose={leave} title="Import a file" size={520}>
      {done ? (
        <Stack gap="md">
          <div role="status">
            {counted(done.records, 'record')} came into {done.dataset}.
          </div>
          {done.problems.length > 0 && (
            <div>
              <div>What was left out:</div>
              <ul style={{ margin: '4px 0 0', paddingLeft: 18, maxHeight: 220, overflowY: 'auto' }}>
                {done.problems.map((problem, place) => (
                  <li key={place} style={{ overflowWrap: 'anywhere' }}>
                    {problem}
                  </li>
                ))}
              </ul>
            </div>
          )}
          <Group gap="xs">
            <ButtonLink to={inProject(project, 'review', done.dataset)}>Review it</ButtonLink>
            <ButtonLink to={inProject(project, 'datasets', done.dataset)} variant="default">
              Open the dataset
            </ButtonLink>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="md">
            <FileInput
              label="File"
              description={
                file
                  ? size(file.size)
                  : 'CSV, JSON, JSON Lines, Parquet, CoNLL, Label Studio and others; at most 200 MB.'
              }
              placeholder="Choose a file"
              withAsterisk
              error={missing.said(file?.name, 'Choose a file first.')}
              value={file}
              onChange={(chosen) => {
                setFile(chosen)
                if (chosen && !name) setName(named(chosen))
              }}
            />
            <TextInput
              label="Dataset"
              description="A name that is there already: the records come beside those in it."
              maxLength={64}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Select
              label="Format"
              data={[
                { value: '', label: 'By the name of the file' },
                ...(formats.data ?? [])
                  .filter((one) => one.reads)
                  .map((one) => ({ value: one.name, label: one.title })),
              ]}
              value={format}
              onChange={(value) => setFormat(value ?? '')}
            />
            <TextInput
              label="Column with the labels"
              description="If it is not called label."
              value={labels}
              onChange={(event) => setLabels(event.currentTarget.value)}
            />
            <ErrorNote error={error} />
            <Group>
              <Button type="submit" loading={busy}>
                Import
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

/** `Late tickets.csv.gz` → `Late-tickets`. */
function named(file: File): string {
  return file.name
    .replace(/\..*$/, '')
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .slice(0, 60)
}
