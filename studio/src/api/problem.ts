export interface FieldProblem {
  field: string
  message: string
  hint?: string
  line?: number
}

/** What the service said when it would not do a thing (application/problem+json). */
export class Problem extends Error {
  readonly status: number
  readonly hint: string
  readonly field: string | null
  readonly line: number | null
  readonly errors: FieldProblem[]
  /** At status 412: what was sent, and the resource as it stands. */
  readonly mine: unknown
  readonly theirs: unknown

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.detail || body.title || `The server answered ${status}.`)
    this.name = 'Problem'
    this.status = status
    this.hint = body.hint ?? ''
    this.field = body.field ?? null
    this.line = body.line ?? null
    this.errors = body.errors ?? []
    this.mine = body.mine
    this.theirs = body.theirs
  }
}

interface ProblemBody {
  title: string
  detail: string
  hint: string
  field: string
  line: number
  errors: FieldProblem[]
  mine: unknown
  theirs: unknown
}

/** The server gave no answer at all. What only reads is asked again by itself, what changes something is not. */
export class Offline extends Error {
  readonly again: boolean

  constructor(again: boolean) {
    super('The server does not answer.')
    this.name = 'Offline'
    this.again = again
  }
}

/** A part of the studio that a server which answers does not have: it is of another version than this page. */
export class Outdated extends Error {
  constructor(cause: unknown) {
    super('This part of the studio could not be loaded.', { cause })
    this.name = 'Outdated'
  }
}

/** A sentence and what to do, out of whatever was thrown. */
export function sayProblem(error: unknown): { detail: string; hint: string } {
  // Where a program would look is no help to a person.
  if (error instanceof Problem)
    return { detail: error.message, hint: error.hint.includes('/api/v1/') ? '' : error.hint }
  if (error instanceof Offline)
    return {
      detail: error.message,
      hint: error.again
        ? 'It is asked again as soon as it does.'
        : 'What you typed is kept: try again when it does.',
    }
  if (error instanceof Outdated)
    return {
      detail: error.message,
      hint: 'The server may be of a newer version by now. Load the page again; what you typed is kept.',
    }
  if (error instanceof Error && error.name === 'Error') return { detail: error.message, hint: '' }
  if (error instanceof Error)
    return {
      detail: 'The studio made a mistake here.',
      hint: `Try again, or load the page again; what you typed is kept. It says: ${error.message}`,
    }
  return { detail: 'Something went wrong.', hint: '' }
}
