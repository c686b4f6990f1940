import { Button, Group } from '@mantine/core'
import { useGenerators } from '../../api/choices'
import type { Recipe } from '../../api/types'
import { ago, count } from '../../parts/figures'
import { Link } from '../../parts/Link'
import { titleOf } from '../../parts/schema/shape'
import { inProject } from '../../parts/where'
import { useGenerate } from './useGenerate'

interface Props {
  recipe: Recipe
  project: string
  mayEdit: boolean
}

/** One recipe of the list. */
export function RecipeRow({ recipe, project, mayEdit }: Props) {
  const generate = useGenerate(project)
  const part = useGenerators().data?.find((one) => one.kind === recipe.kind)
  return (
    <tr>
      <th
        scope="row"
        style={{ fontSize: 'inherit', color: 'inherit', whiteSpace: 'normal', fontWeight: 550 }}
      >
        <Link to={inProject(project, 'recipes', recipe.name)}>{recipe.name}</Link>
      </th>
      <td>{part?.title ?? titleOf(recipe.kind)}</td>
      <td className="sb-number">{recipe.count === null ? '–' : count(recipe.count)}</td>
      <td>{recipe.models.join(', ')}</td>
      <td className="sb-soft sb-whole">{ago(recipe.updated)}</td>
      <td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {recipe.last_run && (
            <Link to={inProject(project, 'runs', recipe.last_run)} className="sb-meta">
              last run
            </Link>
          )}
          {mayEdit && (
            <Button
              size="compact-sm"
              variant="default"
              loading={generate.isPending}
              aria-label={`Generate with ${recipe.name}`}
              onClick={() => generate.start(recipe.name)}
            >
              Generate
            </Button>
          )}
        </Group>
      </td>
    </tr>
  )
}
