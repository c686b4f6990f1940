import { Page } from '../../parts/Page'

export default function TemplatesPage() {
  return <Page title="Templates">{null}</Page>
}
