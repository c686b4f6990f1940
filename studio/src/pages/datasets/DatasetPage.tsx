import { Page } from '../../parts/Page'

export default function DatasetPage() {
  return <Page title="Dataset">{null}</Page>
}
