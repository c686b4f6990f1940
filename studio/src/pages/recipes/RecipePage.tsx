import { useParams } from 'wouter'
import { useRecipe } from '../../api/recipes'
import { useRole } from '../../api/session'
import { Answer } from '../../parts/Answer'
import { Page } from '../../parts/Page'
import { useProjectId } from '../../parts/where'
import { YamlEditor } from '../../parts/YamlEditor'
import { RecipeEditor } from './RecipeEditor'

/** A saved recipe. */
export default function RecipePage() {
  const { recipe = '' } = useParams<{ recipe: string }>()
  const name = decodeURIComponent(recipe)
  const query = useRecipe(name)
  const reads = useRole(useProjectId()) === 'reviewer'
  if (!query.data) {
    return (
      <Page title={name}>
        <Answer query={query}>{() => null}</Answer>
      </Page>
    )
  }
  if (reads) {
    return (
      <Page title={name} about="Editors of the project change recipes; this is how it is now." width="wide">
        <YamlEditor label="The recipe as YAML" value={query.data.yaml} onChange={() => undefined} readOnly />
      </Page>
    )
  }
  return <RecipeEditor key={name} recipe={query.data} start={query.data.yaml} />
}
