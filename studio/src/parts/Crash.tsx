import { Component, type ReactNode } from 'react'
import { ErrorNote } from './ErrorNote'
import { Page } from './Page'

/** A page that broke says so, and the rest of the studio stays. */
export class Crash extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return (
      <Page title="This page broke">
        <ErrorNote error={this.state.error} again={() => this.setState({ error: null })} />
      </Page>
    )
  }
}
