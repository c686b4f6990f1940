import { ActionIcon, Box, Collapse, Group, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { Part } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { SchemaForm } from '../../parts/schema/SchemaForm'
import { titleOf } from '../../parts/schema/shape'
import { problemsBelow } from './RecipeForm'
import type { Path, Values } from './recipeText'
import type { RecipeText } from './useRecipeText'

interface Props {
  check: Values
  /** What the check is; undefined for one that is not known. */
  part: Part | undefined
  text: RecipeText
  path: Path
  onRemove: () => void
}

/** One check in a line; its settings fold out. */
export function CheckCard({ check, part, text, path, onRemove }: Props) {
  const kind = String(check.kind ?? '')
  const problems = problemsBelow(text, path)
  const title = part?.title ?? titleOf(kind)
  const { kind: _, ...settings } = check
  const told = say(settings)
  const [open, setOpen] = useState(told === '')
  const shown = open || Object.keys(problems).length > 0
  return (
    <Box className="sb-panel" px="sm" py={8}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <UnstyledButton
          aria-expanded={shown}
          onClick={() => setOpen(!shown)}
          style={{ flex: 1, minWidth: 0 }}
        >
          <div style={{ fontWeight: 550 }}>{title}</div>
          <div className="sb-meta sb-one-line">{told || part?.summary}</div>
        </UnstyledButton>
        <ActionIcon aria-label={`Take away the check ${title}`} onClick={onRemove}>
          <Icon name="close" size={13} />
        </ActionIcon>
      </Group>
      <Collapse expanded={shown} transitionDuration={100}>
        {shown && part && (
          <Box pt="sm">
            {told && (
              <p className="sb-soft" style={{ marginTop: 0 }}>
                {part.summary}
              </p>
            )}
            <SchemaForm
              schema={part.schema}
              value={check}
              omit={['kind']}
              unfolded
              errors={problems}
              onChange={(now) => text.set(path, now)}
            />
          </Box>
        )}
      </Collapse>
    </Box>
  )
}

/** "min words 5, max words 40". */
function say(settings: Values): string {
  return Object.entries(settings)
    .map(
      ([name, value]) =>
        `${name.replaceAll('_', ' ')} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    )
    .join(', ')
}
