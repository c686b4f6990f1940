import { Page } from '../../parts/Page'

export default function TasksPage() {
  return <Page title="Tasks">{null}</Page>
}
