import { useParams } from 'wouter'
import { useRecipe } from '../../api/recipes'
import { Answer } from '../../parts/Answer'
import { Page } from '../../parts/Page'
import { RecipeEditor } from './RecipeEditor'

/** A saved recipe. */
export default function RecipePage() {
  const { recipe = '' } = useParams<{ recipe: string }>()
  const name = decodeURIComponent(recipe)
  const query = useRecipe(name)
  if (!query.data) {
    return (
      <Page title={name}>
        <Answer query={query}>{() => null}</Answer>
      </Page>
    )
  }
  return <RecipeEditor key={name} recipe={query.data} start={query.data.yaml} />
}
