import type { ReactNode } from 'react'
import { useRole } from '../api/session'
import { ButtonLink } from './ButtonLink'
import { Empty } from './Empty'
import { Page } from './Page'
import { inProject } from './where'

interface Props {
  project: string
  title: string
  /** What takes the role: "Making copies". */
  what: string
  children: ReactNode
}

/** A page of editors; reviewers are told so, and where their work is. */
export function ForEditors({ project, title, what, children }: Props) {
  if (useRole(project) !== 'reviewer') return children
  return (
    <Page title={title}>
      <Empty
        sentence={`${what} takes the role of an editor, and you review in this project. Its owners give roles, under Settings.`}
        action={<ButtonLink to={inProject(project, 'review')}>Go to Review</ButtonLink>}
      />
    </Page>
  )
}
