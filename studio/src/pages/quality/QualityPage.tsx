import { Page } from '../../parts/Page'

export default function QualityPage() {
  return <Page title="Quality">{null}</Page>
}
