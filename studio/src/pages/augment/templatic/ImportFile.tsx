import { Button, FileButton, Group } from '@mantine/core'
import { useState } from 'react'
import { type SlotTemplate, useImportTemplates } from '../../../api/fills'
import { ErrorNote } from '../../../parts/ErrorNote'
import { counted } from '../../../parts/figures'
import { Icon } from '../../../parts/Icon'
import { say } from '../../../parts/notes'

interface Props {
  /** Takes what was read; answers how many of it were new. */
  onImport: (templates: SlotTemplate[]) => number
}

/** Sentences out of a file: chosen, or dropped here. */
export function ImportFile({ onImport }: Props) {
  const read = useImportTemplates()
  const [over, setOver] = useState(false)
  const take = (file: File | null | undefined) => {
    if (!file) return
    read.mutate(file, {
      onSuccess: (templates) => {
        const fresh = onImport(templates)
        const known = templates.length - fresh
        say(
          `${counted(fresh, 'sentence')} read from ${file.name}${known ? `, ${known} were there already` : ''}.`,
        )
      },
    })
  }
  return (
    <section
      aria-label="Sentences from a file"
      className="sb-drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files[0])
      }}
    >
      <Group justify="space-between" gap="sm">
        <span>
          Drop a file of sentences here.{' '}
          <span className="sb-soft">
            JSON or CSV with a column template, and n and label if it has them; or text, one a line.
          </span>
        </span>
        <FileButton accept=".json,.jsonl,.csv,.tsv,.txt" onChange={take}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="compact-md"
              loading={read.isPending}
              leftSection={<Icon name="upload" size={14} />}
            >
              Import a file
            </Button>
          )}
        </FileButton>
      </Group>
      {read.error && (
        <div style={{ marginTop: 10 }}>
          <ErrorNote error={read.error} />
        </div>
      )}
    </section>
  )
}
