import { CloseButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { useSearchFor } from '../../api/search'
import { ErrorNote } from '../../parts/ErrorNote'
import { Icon } from '../../parts/Icon'
import { Waiting } from '../../parts/Waiting'
import { grouped, pagesFor } from './hits'
import { Results } from './Results'

interface Props {
  project: string
  /** Goes to an address, and is done. */
  open: (to: string) => void
  close: () => void
}

const TYPED_FOR = 150

/** The field and what it finds: arrows choose, Enter opens. */
export function Searching({ project, open, close }: Props) {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const [words] = useDebouncedValue(typed, TYPED_FOR)
  const search = useSearchFor(project, words)
  const underway = typed.trim() !== '' && (words !== typed || search.isPending)
  const hits = typed.trim() === '' || underway ? [] : (search.data ?? [])
  const groups = [...pagesFor(project, typed), ...grouped(project, hits, typed)]
  const all = groups.flatMap((group) => group.found)
  const failed = !underway && typed.trim() !== '' && search.error
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, all.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter') {
      const one = all[at]
      if (one) open(one.to)
    } else return
    event.preventDefault()
  }
  return (
    <>
      <div className="sb-search-field">
        <Icon name="search" />
        <input
          ref={field}
          data-autofocus
          role="combobox"
          aria-label="Search everything in this project"
          aria-expanded={all.length > 0}
          aria-controls="search-results"
          aria-activedescendant={all.length ? `search-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          placeholder="Search records, datasets, recipes …"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={press}
        />
        <CloseButton aria-label="Close the search" onClick={close} />
      </div>
      <Results groups={groups} typed={typed} at={at} open={open} />
      <div className="sb-search-said" role="status">
        {underway && <Waiting rows={3} height={16} />}
        {failed && <ErrorNote error={search.error} again={() => void search.refetch()} />}
        {!underway && !failed && typed.trim() !== '' && !hits.length && (
          <span className="sb-soft">
            {all.length ? 'Nothing else' : 'Nothing'} here has “{typed.trim()}”. Names and the texts of
            records are searched; the last word may be the beginning of one.
          </span>
        )}
      </div>
      <div className="sb-search-keys sb-meta">
        <kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Enter</kbd> opens · <kbd>Esc</kbd> closes
      </div>
    </>
  )
}
