import { Page } from '../../parts/Page'

export default function AugmentPage() {
  return <Page title="Augment">{null}</Page>
}
