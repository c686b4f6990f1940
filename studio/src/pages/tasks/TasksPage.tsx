import { useCallback, useEffect, useMemo, useState } from 'react'
import { useSearch } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import { useDatasets } from '../../api/datasets'
import { type TaskFilter, useTaskCounts } from '../../api/tasks'
import { ButtonLink } from '../../parts/ButtonLink'
import { Empty } from '../../parts/Empty'
import { ErrorNote } from '../../parts/ErrorNote'
import { count, counted } from '../../parts/figures'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { AugmentMenu } from './AugmentMenu'
import { ExportMenu } from './ExportMenu'
import { ImportTasks } from './ImportTasks'
import { TaskBar } from './TaskBar'
import { TaskBulk } from './TaskBulk'
import { TaskList } from './TaskList'
import { TaskPanel } from './TaskPanel'
import { parsedTasks, writtenTasks } from './taskFilter'
import { type ChosenTasks, NOTHING } from './useTaskBulk'
import { useTasks } from './useTasks'
import '../review/review.css'

/** What was handed over: found by tag, state and person, opened, labelled, finished, exported, taken back. */
export default function TasksPage() {
  const project = useProjectId()
  const search = useSearch()
  const where = useMemo(() => parsedTasks(search, project), [search, project])
  const scope = where.dataset ? { dataset: where.dataset } : { project }
  const counts = useTaskCounts(scope)
  const matching = useTaskCounts(where)
  const everywhere = useTaskCounts({ project })
  const datasets = useDatasets(project)
  const { found, rows, change } = useTasks(where)
  const [at, setAt] = useState(0)
  const [chosen, setChosen] = useState<ChosenTasks>(NOTHING)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is of the list it was chosen in
  useEffect(() => setChosen(NOTHING), [where])
  const go = useCallback(
    (to: TaskFilter) => {
      setAt(0)
      navigate(inProject(project, 'tasks') + writtenTasks(to), { replace: true })
    },
    [project],
  )
  const asked = new URLSearchParams(search).get('task')
  const place = asked ? rows.findIndex((row) => row.id === asked) : -1
  useEffect(() => {
    if (place >= 0) setAt(place)
  }, [place])
  const work = counts.data?.by.work ?? {}
  const names = (datasets.data ?? []).map((one) => one.name)
  const holding = matching.data?.by.dataset ?? {}
  // Words are not heeded where it is counted by dataset.
  const of = where.q ? Object.fromEntries(Object.keys(holding).map((name) => [name, 0])) : holding
  const about = counts.data
    ? `${counted(counts.data.total, 'task')} · ${count(work.todo ?? 0)} to do · ${count(work.doing ?? 0)} in progress · ${count(work.done ?? 0)} done`
    : counts.error
      ? ''
      : 'Counting'
  const row = rows[Math.min(at, rows.length - 1)]
  return (
    <Page
      title="Tasks"
      width="full"
      about={about}
      actions={
        <>
          {names.length > 0 && <ImportTasks project={project} datasets={names} dataset={where.dataset} />}
          {Object.keys(of).length > 0 && (
            <ExportMenu where={where} datasets={Object.keys(of).length} chosen={null} />
          )}
          <AugmentMenu
            project={project}
            words="Augment these"
            size="compact-md"
            where={where}
            of={of}
            chosen={null}
          />
        </>
      }
    >
      {everywhere.data?.total === 0 && rows.length === 0 && found.isSuccess ? (
        <div style={{ padding: 24 }}>
          <Empty
            sentence="Approved records become tasks when you hand them over in Review."
            action={<ButtonLink to={inProject(project, 'review')}>Go to Review</ButtonLink>}
            sample={
              <>
                <span className="rv-tag">synthetic</span> The parcel came two days late.{' '}
                <span className="sb-soft">to do</span>
              </>
            }
          />
        </div>
      ) : (
        <div className="rv">
          <TaskBar
            where={where}
            go={go}
            counts={counts.data}
            datasets={everywhere.data?.by.dataset ?? {}}
            project={project}
          />
          <div>
            {found.error && (
              <div style={{ padding: '12px 24px' }}>
                <ErrorNote error={found.error} again={() => void found.refetch()} />
              </div>
            )}
          </div>
          <div className="rv-body">
            <div className="rv-column">
              <TaskList
                found={found}
                rows={rows}
                at={at}
                setAt={setAt}
                chosen={chosen}
                setChosen={setChosen}
                several={!where.dataset && Object.keys(everywhere.data?.by.dataset ?? {}).length > 1}
                none={noneOf(where, counts.data?.total)}
                showAll={() => go(counts.data?.total ? scope : { project })}
              />
              {(rows.length > 0 || found.isPending) && (
                <TaskBulk
                  project={project}
                  rows={rows}
                  chosen={chosen}
                  setChosen={setChosen}
                  where={where}
                  of={of}
                  all={matching.data?.total}
                  people={Object.keys(counts.data?.by.person ?? {}).filter(Boolean)}
                />
              )}
            </div>
            <TaskPanel
              key={row?.id ?? ''}
              row={row}
              waiting={found.isPending}
              change={change}
              next={() => setAt(Math.min(at + 1, rows.length - 1))}
              counts={counts.data}
            />
          </div>
        </div>
      )}
    </Page>
  )
}

/** What a list says that shows no task: why, where that is known. */
function noneOf({ dataset, duplicates }: TaskFilter, total: number | undefined): string {
  if (dataset && total === 0) return `No record of ${dataset} is a task. Hand approved ones over in Review.`
  if (duplicates) return 'No task is marked as a duplicate. Look for them in Review, under Duplicates.'
  return 'No task is like that.'
}
