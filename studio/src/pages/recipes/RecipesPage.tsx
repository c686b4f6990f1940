import { Page } from '../../parts/Page'

export default function RecipesPage() {
  return <Page title="Recipes">{null}</Page>
}
