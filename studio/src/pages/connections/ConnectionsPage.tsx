import { Page } from '../../parts/Page'

export default function ConnectionsPage() {
  return <Page title="Connections">{null}</Page>
}
