import { Page } from '../../parts/Page'

export default function ProjectsPage() {
  return <Page title="Projects">{null}</Page>
}
