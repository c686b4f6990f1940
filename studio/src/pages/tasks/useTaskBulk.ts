import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '../../api/keys'
import { sayProblem } from '../../api/problem'
import { type BulkChange, type Chosen, undoRecords } from '../../api/records'
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

/** Changes all that are chosen, of whichever dataset, and says how many; it can be taken back. */
export function useTaskBulk(chosen: ChosenTasks, where: TaskFilter, done: () => void) {
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
      const { dataset, project, ...filter } = where
      for (const some of portions(chosen, filter)) {
        const { changed, datasets } = await changeTasks(dataset ? { dataset } : { project }, some, change)
        sum += changed
        steps.push(...Object.keys(datasets))
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

function portions(chosen: ChosenTasks, where: Omit<TaskFilter, 'dataset' | 'project'>): Chosen[] {
  if (chosen.everything) return [{ where }]
  const ids = [...chosen.ids]
  const found: Chosen[] = []
  for (let from = 0; from < ids.length; from += NAMED) found.push({ ids: ids.slice(from, from + NAMED) })
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
