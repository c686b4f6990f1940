import { Button, Group, Stack } from '@mantine/core'
import type { PreviewOfRecipe } from '../../api/preview'
import { ErrorNote } from '../../parts/ErrorNote'
import { Waiting } from '../../parts/Waiting'
import { PreviewAttemptCard } from './PreviewAttemptCard'

interface Props {
  preview: PreviewOfRecipe
}

/** Three records made for a look, each as soon as it is there: nothing of them is kept. */
export function PreviewPane({ preview }: Props) {
  const { attempts, wanted, isPending, stopped, error } = preview
  if (!wanted) {
    return (
      <div className="sb-soft">
        “Preview three” asks the model for three texts and shows them with their prompts. Nothing of it is
        kept.
      </div>
    )
  }
  return (
    <Stack gap="sm">
      {isPending && (
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div className="sb-soft" role="status">
            {attempts.length} of {wanted} texts are there. A local model takes some seconds for each, more on
            a busy computer.
          </div>
          <Button size="compact-sm" variant="default" onClick={preview.stop}>
            Stop
          </Button>
        </Group>
      )}
      {attempts.map((attempt, place) => (
        <PreviewAttemptCard key={place} attempt={attempt} />
      ))}
      {isPending && <Waiting rows={3} />}
      {stopped && (
        <div className="sb-soft">
          Stopped: {attempts.length} of {wanted} texts are there.
        </div>
      )}
      <ErrorNote error={error} />
    </Stack>
  )
}
