import { Page } from '../../parts/Page'

export default function RunPage() {
  return <Page title="Run">{null}</Page>
}
