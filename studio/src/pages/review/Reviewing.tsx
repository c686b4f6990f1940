import { useThrottledValue } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useSearch } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import { useAbout } from '../../api/records'
import { useRuns } from '../../api/runs'
import { ErrorNote } from '../../parts/ErrorNote'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { Actions } from './Actions'
import { BulkBar } from './BulkBar'
import { ConflictNote } from './ConflictNote'
import { Duplicates } from './Duplicates'
import { FilterBar } from './FilterBar'
import { FocusPanel } from './FocusPanel'
import { type Listing, parsed, written } from './filter'
import { KeysHelp } from './KeysHelp'
import { Progress } from './Progress'
import { placeIn, useKeepPlace } from './place'
import { RecordList } from './RecordList'
import { storeOf, useReview } from './store'
import { Unfinished } from './Unfinished'
import { useKeys } from './useKeys'
import './review.css'

/** One dataset under review: the list, the record in focus, and the keys. */
export function Reviewing({ dataset }: { dataset: string }) {
  const project = useProjectId()
  const store = storeOf(dataset)
  const state = useReview(store)
  const about = useAbout(dataset)
  const search = useSearch()
  const listing = useMemo(() => parsed(search), [search])
  const words = useRef<HTMLInputElement>(null)
  const page = useRef(10)
  const queries = useQueryClient()

  const go = useCallback(
    (to: Listing) => {
      const tail = written(to)
      navigate(`${inProject(project, 'review', dataset)}${tail ? `?${tail}` : ''}`, { replace: true })
    },
    [project, dataset],
  )
  const opened = useRef(false)
  useEffect(() => {
    // One comes back to where one was; another filter begins at its first record.
    const place = opened.current ? undefined : placeIn(dataset, written(listing))
    opened.current = true
    store.open(listing.where, listing.sort, { record: listing.record, place })
  }, [store, listing, dataset])
  useKeepPlace(dataset, written(listing), state)
  useEffect(() => () => void queries.invalidateQueries({ queryKey: ['datasets'] }), [queries])

  useArriving(project, dataset, store.refresh)
  const textColumn = about.data?.text_column
  useEffect(() => {
    if (textColumn) store.dispatch({ type: 'column', textColumn })
  }, [store, textColumn])

  const labels = useLabels(Object.keys(state.counts?.by.label ?? {}), about.data?.label_column ?? null)
  const spanLabels = useMemo(() => Object.keys(about.data?.span_labels ?? {}).sort(), [about.data])

  const labelled = !about.isPending && (about.data?.label_column === null || state.counts !== null)
  useKeys(store, { labels, spanLabels, words, page, labelled: labelled || about.isError })

  return (
    <Page
      title={dataset}
      width="full"
      about={<Progress state={state} />}
      actions={<Actions dataset={dataset} project={project} state={state} store={store} />}
    >
      <div className="rv" data-own-slash>
        <FilterBar
          dataset={dataset}
          listing={listing}
          go={go}
          state={state}
          words={words}
          spans={about.data?.span_labels ?? {}}
        />
        <div>
          <ConflictNote state={state} store={store} />
          <Unfinished
            state={state}
            store={store}
            show={(record) => store.open(listing.where, listing.sort, { record })}
          />
          {listing.where.duplicates && (
            <Duplicates
              project={project}
              state={state}
              again={() => store.open(listing.where, listing.sort)}
            />
          )}
          {state.problem !== null && (
            <div style={{ padding: '12px 24px' }}>
              <ErrorNote error={state.problem} again={() => store.open(listing.where, listing.sort)} />
            </div>
          )}
        </div>
        <div className="rv-body">
          <div className="rv-column">
            <RecordList store={store} state={state} page={page} go={go} />
            <BulkBar store={store} state={state} labels={labels} />
          </div>
          <FocusPanel store={store} state={state} labels={labels} spanLabels={spanLabels} />
        </div>
        <KeysHelp
          opened={state.mode === 'keys'}
          close={() => store.dispatch({ type: 'mode', mode: 'list' })}
        />
      </div>
    </Page>
  )
}

/** Shows what a run of this dataset makes meanwhile, in steps of two seconds. */
function useArriving(project: string, dataset: string, refresh: () => void): void {
  const runs = useRuns({ project, dataset }).data
  const made = useThrottledValue(
    runs?.reduce((all, run) => all + run.accepted, 0),
    2000,
  )
  const shown = useRef(made)
  useEffect(() => {
    const before = shown.current
    shown.current = made
    if (made !== undefined && before !== undefined && made > before) refresh()
  }, [made, refresh])
}

/** The labels in an order that stays: new ones come last, so that no number changes its meaning. */
function useLabels(found: string[], column: string | null): string[] {
  const known = useRef<string[]>([])
  const sorted = found.filter((one) => one !== '').sort()
  const joined = JSON.stringify(sorted)
  return useMemo(() => {
    if (column === null) return []
    const fresh = (JSON.parse(joined) as string[]).filter((one) => !known.current.includes(one))
    if (fresh.length) known.current = [...known.current, ...fresh]
    return known.current
  }, [joined, column])
}
