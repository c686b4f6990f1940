import type { ReactNode } from 'react'
import { type FoundGroup, withWords } from './hits'

interface Props {
  groups: readonly FoundGroup[]
  typed: string
  /** The place of the chosen one among all. */
  at: number
  open: (to: string) => void
}

/** What was found, by kind; the chosen one is opened by Enter, any by a click. */
export function Results({ groups, typed, at, open }: Props) {
  const before = groups.map((_, place) =>
    groups.slice(0, place).reduce((all, one) => all + one.found.length, 0),
  )
  return (
    <div role="listbox" id="search-results" aria-label="What was found" className="sb-results">
      {groups.map((group, place) => (
        // biome-ignore lint/a11y/useSemanticElements: options are grouped within a listbox
        <div role="group" key={group.title} aria-labelledby={`search-group-${place}`}>
          <div className="sb-results-kind" id={`search-group-${place}`}>
            {group.title}
          </div>
          {group.found.map((one, within) => {
            const index = (before[place] ?? 0) + within
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
              // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, this is its active descendant
              <div
                key={one.key}
                id={`search-${index}`}
                role="option"
                aria-selected={index === at}
                className="sb-result"
                ref={index === at ? (line) => line?.scrollIntoView({ block: 'nearest' }) : undefined}
                onClick={() => open(one.to)}
              >
                <span className="sb-one-line">{marked(one.title, typed)}</span>
                {one.about && <span className="sb-meta sb-one-line">{one.about}</span>}
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}

function marked(title: string, typed: string): ReactNode {
  return withWords(title, typed).map((piece, place) =>
    piece.hit ? <strong key={place}>{piece.text}</strong> : piece.text,
  )
}
