import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { deleteDataset } from '../../api/datasets'
import { keys } from '../../api/keys'
import type { DatasetDetail } from '../../api/types'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted } from '../../parts/figures'
import { say } from '../../parts/notes'
import { inProject } from '../../parts/where'

/** Removes a dataset for good, after its name was typed. */
export function DeleteDataset({ dataset, project }: { dataset: DatasetDetail; project: string }) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [, go] = useLocation()
  const queries = useQueryClient()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() !== dataset.name) return setError(new Error(`Type the name as it is: ${dataset.name}`))
    try {
      await deleteDataset(dataset)
      queries.setQueriesData<unknown>({ queryKey: keys.datasets }, (old: unknown) =>
        Array.isArray(old) ? old.filter((one) => one.name !== dataset.name) : old,
      )
      say(`${dataset.name} is deleted.`)
      go(inProject(project, 'datasets'))
      queries.removeQueries({ queryKey: keys.dataset(dataset.name) })
      await queries.invalidateQueries({ queryKey: keys.datasets })
    } catch (problem) {
      setError(problem)
      await queries.invalidateQueries({ queryKey: keys.dataset(dataset.name) })
    }
  }
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Delete this dataset
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Delete ${dataset.name}`}>
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="md">
            <div>
              {counted(dataset.records, 'record')} and all that people decided about them are deleted for
              good, with {counted(dataset.runs.length, 'run')}.
            </div>
            <TextInput
              label="The dataset's name"
              required
              data-autofocus
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <ErrorNote error={error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={() => setOpen(false)}>
                Keep it
              </Button>
              <Button type="submit" color="red">
                Delete it
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
