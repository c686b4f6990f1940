import { Page } from '../../parts/Page'

export default function NewRecipePage() {
  return <Page title="New recipe">{null}</Page>
}
