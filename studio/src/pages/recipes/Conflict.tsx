import { Button, Group, SimpleGrid, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { keys } from '../../api/keys'
import type { Recipe } from '../../api/types'
import { YamlEditor } from '../../parts/YamlEditor'
import type { RecipeText } from './useRecipeText'

/** Two people changed one recipe: both texts, and which is to stay. */
export function Conflict({ mine, theirs, onDone }: { mine: RecipeText; theirs: Recipe; onDone: () => void }) {
  const queries = useQueryClient()
  const take = (yaml: string) => {
    queries.setQueryData(keys.recipe(theirs.name), theirs)
    mine.setYaml(yaml, theirs.yaml)
    onDone()
  }
  return (
    <Stack gap="md">
      <div>While you were writing, this recipe was saved by someone else. Nothing is lost yet.</div>
      <SimpleGrid cols={2}>
        <YamlEditor label="Your text" value={mine.yaml} onChange={() => {}} readOnly height={320} />
        <YamlEditor label="The saved text" value={theirs.yaml} onChange={() => {}} readOnly height={320} />
      </SimpleGrid>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => take(theirs.yaml)}>
          Take the saved one
        </Button>
        <Button onClick={() => take(mine.yaml)}>Keep mine, save again</Button>
      </Group>
    </Stack>
  )
}
