import { Page } from '../../parts/Page'

export default function ReviewPage() {
  return <Page title="Review">{null}</Page>
}
