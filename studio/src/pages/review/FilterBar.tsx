import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Decision } from '../../api/types'
import { count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { FilterChips } from './FilterChips'
import { FilterMenu, Order } from './FilterMenu'
import { type Listing, usual } from './filter'
import type { ReviewState } from './types'
import { ViewsMenu } from './ViewsMenu'

interface Props {
  dataset: string
  listing: Listing
  go: (to: Listing) => void
  state: ReviewState
  words: RefObject<HTMLInputElement | null>
  /** How many spans have which label. */
  spans: Record<string, number>
}

const TYPED_FOR = 180

/** Search as one types, states, other filters, saved views. */
export function FilterBar({ dataset, listing, go, state, words, spans }: Props) {
  const { where, sort } = listing
  const set = (change: Partial<Listing['where']>) => go({ where: { ...where, ...change }, sort })
  const decisions = state.counts?.by.decision ?? {}
  return (
    <search className="rv-bar" aria-label="Filter records">
      <Words value={where.q ?? ''} onChange={(q) => set({ q: q || undefined })} field={words} />
      <SegmentedControl
        size="xs"
        bg="var(--sb-side)"
        aria-label="State"
        value={where.doubted ? 'doubted' : (where.decision ?? 'all')}
        onChange={(chosen) => {
          if (chosen === 'doubted') go({ where: { doubted: true, decision: 'flagged' }, sort: 'doubt' })
          else {
            const decision = chosen === 'all' ? undefined : (chosen as Decision)
            go({ where: { ...where, doubted: undefined, decision }, sort: where.doubted ? 'first' : sort })
          }
        }}
        data={[
          { value: 'all', label: 'All' },
          { value: 'todo', label: titled('To do', decisions.todo) },
          { value: 'approved', label: titled('Approved', decisions.approved) },
          { value: 'declined', label: titled('Declined', decisions.declined) },
          { value: 'flagged', label: titled('Flagged', decisions.flagged) },
          { value: 'doubted', label: 'Doubted labels' },
        ]}
      />
      <Button
        size="compact-md"
        variant={where.duplicates ? 'light' : 'default'}
        aria-pressed={where.duplicates === true}
        onClick={() => {
          const next = { ...where, duplicates: where.duplicates ? undefined : true }
          go({ where: next, sort: sort === usual(where) ? usual(next) : sort })
        }}
      >
        {titled('Duplicates', state.counts?.duplicates?.records)}
      </Button>
      <FilterMenu where={where} set={set} counts={state.counts} spans={spans}>
        <Order value={sort} set={(order) => go({ where, sort: order })} />
      </FilterMenu>
      <ViewsMenu dataset={dataset} listing={listing} go={go} />
      <FilterChips where={where} set={set} />
    </search>
  )
}

function titled(title: string, number: number | undefined) {
  return number ? `${title} ${count(number)}` : title
}

/** The field follows the address, but not while one types into it. */
function Words(props: {
  value: string
  onChange: (words: string) => void
  field: RefObject<HTMLInputElement | null>
}) {
  const { value, onChange, field } = props
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(value)
  }, [value, field])
  const change = (text: string, wait = TYPED_FOR) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onChange(text.trim()), wait)
  }
  return (
    <TextInput
      ref={field}
      aria-label="Search texts"
      placeholder="Search texts"
      size="xs"
      w={220}
      leftSection={<Icon name="search" size={14} />}
      rightSection={<kbd>/</kbd>}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') change('', 0)
        if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
