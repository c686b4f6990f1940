import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '../../api/keys'
import { sayProblem } from '../../api/problem'
import { type BulkChange, undoRecords } from '../../api/records'
import { changeTasks, type TaskFilter } from '../../api/tasks'
import type { ReviewRecord } from '../../api/types'
import { counted } from '../../parts/figures'
import { say, sayWrong } from '../../parts/notes'

/** So many records can be named in one request. */
const NAMED = 1000

/** Tasks that are chosen: some that are loaded, or all that the filters show. */
export interface ChosenTasks {
  ids: ReadonlySet<string>
  everything: boolean
}

export const NOTHING: ChosenTasks = { ids: new Set(), everything: false }

/** Changes all that are chosen, dataset by dataset, and says how many; it can be taken back. */
export function useTaskBulk(
  rows: ReviewRecord[],
  chosen: ChosenTasks,
  where: TaskFilter,
  datasets: string[],
  done: () => void,
) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const again = () => queries.invalidateQueries({ queryKey: keys.tasks })
  const undo = async (steps: string[]) => {
    try {
      for (const dataset of [...steps].reverse()) await undoRecords(dataset)
      say('Taken back.')
    } catch (error) {
      sayWrong(sayProblem(error))
    }
    await again()
  }
  const act = async (change: BulkChange, words: string) => {
    setBusy(true)
    const steps: string[] = []
    let sum = 0
    try {
      for (const [dataset, some] of portions(rows, chosen, where, datasets)) {
        const { changed } = await changeTasks(dataset, some, change)
        sum += changed
        if (changed) steps.push(dataset)
      }
      say(`${words}: ${counted(sum, 'task')}.`, {
        action: steps.length ? { words: 'Undo', do: () => void undo(steps) } : undefined,
      })
      done()
    } catch (error) {
      sayWrong(sayProblem(error))
    } finally {
      setBusy(false)
      await again()
    }
  }
  return { act, busy }
}

type Portion = [
  dataset: string,
  chosen: { ids: string[] } | { where: Omit<TaskFilter, 'dataset' | 'project'> },
]

function portions(
  rows: ReviewRecord[],
  chosen: ChosenTasks,
  where: TaskFilter,
  datasets: string[],
): Portion[] {
  const { dataset, project: _, ...filter } = where
  if (chosen.everything) return (dataset ? [dataset] : datasets).map((name) => [name, { where: filter }])
  const found: Portion[] = []
  for (const [name, ids] of byDataset(rows, chosen)) {
    for (let from = 0; from < ids.length; from += NAMED)
      found.push([name, { ids: ids.slice(from, from + NAMED) }])
  }
  return found
}

/** The ids of chosen tasks, by their dataset. */
export function byDataset(rows: ReviewRecord[], chosen: ChosenTasks): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const row of rows) {
    if (chosen.ids.has(row.id)) found.set(row.dataset, [...(found.get(row.dataset) ?? []), row.id])
  }
  return found
}
