import { Button, Drawer, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useModels } from '../../api/choices'
import { ErrorNote } from '../../parts/ErrorNote'
import { Icon } from '../../parts/Icon'
import { othersThan } from '../../parts/NameInput'
import { useProjectId } from '../../parts/where'
import { ConnectionsPanel } from '../connections/ConnectionsPanel'
import { ModelRow } from './ModelRow'
import { problemAt } from './RecipeForm'
import { at } from './recipeText'
import { Temperature } from './Temperature'
import type { RecipeText } from './useRecipeText'

/** Which models write, in which shares, how freely; connections are made in a drawer, so that nobody leaves the form. */
export function ModelSection({ text }: { text: RecipeText }) {
  const project = useProjectId()
  const models = useModels(project)
  const [open, setOpen] = useState(false)
  const rows = rowsOf(at(text.document, ['model']))
  const [asked, setAsked] = useState(false)
  const unnamed = rows.some(([name]) => name === '')
  const set = (now: [string, number][]) => {
    const only = now[0]
    text.set(['model'], now.length === 1 && only ? only[0] : Object.fromEntries(now))
  }
  return (
    <section aria-labelledby="model">
      <h2 id="model">Model</h2>
      <Stack gap="md">
        {rows.map(([model, weight], place) => (
          <ModelRow
            key={place}
            model={model}
            weight={weight}
            several={rows.length > 1}
            choices={models.data ?? []}
            taken={othersThan(
              rows.map(([name]) => name),
              place,
            )}
            error={
              asked && model === ''
                ? 'Choose this one first, then another.'
                : place === 0
                  ? problemAt(text, ['model'])
                  : undefined
            }
            onChange={(row) => set(rows.map((old, at) => (at === place ? row : old)))}
            onRemove={() => set(rows.filter((_, at) => at !== place))}
          />
        ))}
        <ErrorNote error={models.error} again={() => void models.refetch()} />
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="plus" size={12} />}
            onClick={() => {
              setAsked(unnamed)
              if (!unnamed) set([...rows, ['', 1]])
            }}
          >
            Share with another model
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={() => setOpen(true)}>
            Connections …
          </Button>
        </Group>
        <Temperature
          value={at(text.document, ['temperature'])}
          error={problemAt(text, ['temperature'])}
          onChange={(now) => text.set(['temperature'], now)}
        />
      </Stack>
      <Drawer opened={open} onClose={() => setOpen(false)} title="Connections" size={520}>
        <ConnectionsPanel project={project} />
      </Drawer>
    </section>
  )
}

/** `model:` is one name, or names with weights. */
function rowsOf(model: unknown): [string, number][] {
  if (typeof model === 'string') return [[model, 1]]
  if (Array.isArray(model)) return model.map((name) => [String(name), 1])
  if (!model || typeof model !== 'object') return [['', 1]]
  return Object.entries(model).map(([name, weight]) => [name, typeof weight === 'number' ? weight : 1])
}
