import { Page } from '../../parts/Page'

export default function RunsPage() {
  return <Page title="Runs">{null}</Page>
}
