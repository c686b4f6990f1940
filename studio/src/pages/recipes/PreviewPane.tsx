import { Stack } from '@mantine/core'
import type { usePreview } from '../../api/recipes'
import { ErrorNote } from '../../parts/ErrorNote'
import { Waiting } from '../../parts/Waiting'
import { PreviewAttemptCard } from './PreviewAttemptCard'

interface Props {
  preview: ReturnType<typeof usePreview>
}

/** Three records made for a look: nothing of them is kept. */
export function PreviewPane({ preview }: Props) {
  if (preview.isPending) {
    return (
      <Stack gap="sm">
        <div className="sb-soft">
          Three texts are being written. A local model takes some seconds for each, more on a busy computer.
        </div>
        <Waiting rows={6} />
      </Stack>
    )
  }
  if (preview.error) return <ErrorNote error={preview.error} />
  if (!preview.data) {
    return (
      <div className="sb-soft">
        “Preview three” asks the model for three texts and shows them with their prompts. Nothing of it is
        kept.
      </div>
    )
  }
  return (
    <Stack gap="sm">
      {preview.data.attempts.map((attempt, place) => (
        <PreviewAttemptCard key={place} attempt={attempt} />
      ))}
    </Stack>
  )
}
