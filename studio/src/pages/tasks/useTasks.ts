import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import { keys } from '../../api/keys'
import { Problem, sayProblem } from '../../api/problem'
import type { RecordChange, RecordPage } from '../../api/records'
import { changeTask, fetchTasks, type TaskFilter } from '../../api/tasks'
import type { ReviewRecord } from '../../api/types'
import { say, sayWrong } from '../../parts/notes'
import { keepRefused } from '../review/kept'

type Loaded = { pages: RecordPage[]; pageParams: string[] }

/** Tasks, page by page, and the way to change one. */
export function useTasks(where: TaskFilter) {
  const queries = useQueryClient()
  const queryKey = useMemo(() => keys.tasksOf({ ...where }), [where])
  const found = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchTasks(where, pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data])

  const put = useCallback(
    (row: ReviewRecord) =>
      queries.setQueryData<Loaded>(
        queryKey,
        (old) =>
          old && {
            ...old,
            pages: old.pages.map((page) => ({
              ...page,
              items: page.items.map((one) => (one.id === row.id ? row : one)),
            })),
          },
      ),
    [queries, queryKey],
  )
  // One after the other, each from the version that the one before has made.
  const queue = useRef(Promise.resolve())
  const versions = useRef(new Map<string, number>())
  const send = useCallback(
    async (row: ReviewRecord, wanted: RecordChange) => {
      try {
        const now = await changeTask(row.id, wanted, Math.max(versions.current.get(row.id) ?? 0, row.version))
        versions.current.set(row.id, now.version)
        put(now)
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 412) {
          const said = sayProblem(error)
          keepRefused(row, wanted.values, `${said.detail} ${said.hint ?? ''}`)
          return sayWrong(said)
        }
        const theirs = error.theirs as ReviewRecord
        versions.current.set(row.id, theirs.version)
        put(theirs)
        say(`${theirs.by || 'Somebody'} changed this task meanwhile; it is shown as it stands now.`, {
          error: true,
          action: { words: 'Keep mine', do: () => void send(theirs, wanted) },
        })
      }
    },
    [put],
  )
  const change = useCallback(
    (row: ReviewRecord, wanted: RecordChange) => {
      queue.current = queue.current.then(async () => {
        await send(row, wanted)
        void queries.invalidateQueries({ queryKey: ['tasks', 'counts'] })
      })
    },
    [send, queries],
  )
  return { found, rows, change, queryKey }
}
