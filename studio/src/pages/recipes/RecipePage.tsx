import { Page } from '../../parts/Page'

export default function RecipePage() {
  return <Page title="Recipe">{null}</Page>
}
