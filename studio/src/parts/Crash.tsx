import { Component, type ReactNode } from 'react'
import { Outdated } from '../api/problem'
import { ErrorNote } from './ErrorNote'
import { Page } from './Page'

interface Props {
  /** Where one is: elsewhere it is tried anew. */
  at: string
  children: ReactNode
}

/** A page that broke says so, and the rest of the studio stays. */
export class Crash extends Component<Props, { error: unknown }> {
  override state = { error: null as unknown }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidUpdate(before: Props) {
    if (this.state.error !== null && before.at !== this.props.at) this.setState({ error: null })
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    // Code that did not come does not come to this page any more: browsers keep that in mind.
    const again = () => (error instanceof Outdated ? location.reload() : this.setState({ error: null }))
    return (
      <Page title="This page broke">
        <ErrorNote
          error={error}
          again={again}
          verb={error instanceof Outdated ? 'Load the page again' : undefined}
        />
      </Page>
    )
  }
}
