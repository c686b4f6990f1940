import { Button, FileInput, Modal, Select, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useFormats } from '../../api/choices'
import { keys } from '../../api/keys'
import { takeBack } from '../../api/tasks'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { useMissing } from '../../parts/missing'

interface Props {
  project: string
  datasets: string[]
  dataset: string | undefined
}

/** In the place of a dataset: the ids of a file say which ones its tasks are of. */
const ANY = ''

/** Tasks that were annotated elsewhere come back, known again by their ids. */
export function ImportTasks({ project, datasets, dataset }: Props) {
  const queries = useQueryClient()
  const missing = useMissing()
  const formats = useFormats()
  const [open, setOpen] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const [picked, setPicked] = useState<string | null>(null)
  const [format, setFormat] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const into = picked ?? dataset ?? ANY
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setWords('')
    if (!missing.complete(event.currentTarget as Element, file?.name) || !file) return
    setError(null)
    setBusy(true)
    try {
      const { read, changed } = await takeBack(into ? { dataset: into } : { project }, file, format)
      setWords(
        `${counted(read, 'task')} read and done; ${counted(changed, 'one', 'of them')} ${changed === 1 ? 'says' : 'say'} something else now.`,
      )
      await queries.invalidateQueries({ queryKey: keys.tasks })
    } catch (problem) {
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        size="compact-md"
        variant="default"
        leftSection={<Icon name="upload" size={14} />}
        onClick={() => setOpen(true)}
      >
        Take back
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Take annotated tasks back">
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="md">
            <FileInput
              label="File"
              description="One that was exported here and annotated elsewhere: its tasks are known again by their id."
              placeholder="Choose a file"
              withAsterisk
              error={missing.said(file?.name, 'Choose a file first.')}
              value={file}
              onChange={setFile}
            />
            <Select
              label="Dataset"
              data={[
                { value: ANY, label: 'Those that the ids name' },
                ...datasets.map((one) => ({ value: one, label: one })),
              ]}
              value={into}
              onChange={(value) => setPicked(value ?? ANY)}
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
            <ErrorNote error={error} />
            {words && <div role="status">{words}</div>}
            <Button type="submit" loading={busy} style={{ alignSelf: 'flex-start' }}>
              Take back
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
