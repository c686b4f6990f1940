/** What is wrong below a field, by the path from there; what is wrong with the field itself stands under ''. */
export type Errors = Record<string, string>

/** Those of what is called so: "examples" takes "examples" and "examples.0.label". */
export function within(errors: Errors | undefined, name: string): Errors {
  const found: Errors = {}
  for (const [path, words] of Object.entries(errors ?? {})) {
    if (path === name) found[''] = words
    else if (path.startsWith(`${name}.`)) found[path.slice(name.length + 1)] = words
  }
  return found
}

/** What is to be said of the field as a whole: what none of its parts can say. */
export function ownOf(errors: Errors | undefined, parts: readonly string[] = []): string | undefined {
  const found = Object.entries(errors ?? {}).find(
    ([path]) => !parts.some((part) => part !== '' && (path === part || path.startsWith(`${part}.`))),
  )
  return found?.[1]
}

/** The same for rows with names: one without a name says so itself. */
export function ofRows(errors: Errors | undefined, names: readonly string[]) {
  const own = ownOf(errors, names)
  const nameless = names.includes('') && own !== undefined && /^the name ''/i.test(own)
  return { own: nameless ? undefined : own, nameless: nameless ? 'Name it, or take it away.' : undefined }
}
