import { Page } from '../../parts/Page'

export default function TemplatePage() {
  return <Page title="Template">{null}</Page>
}
