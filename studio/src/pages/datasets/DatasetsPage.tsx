import { Page } from '../../parts/Page'

export default function DatasetsPage() {
  return <Page title="Datasets">{null}</Page>
}
