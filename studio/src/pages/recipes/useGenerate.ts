import { useRef } from 'react'
import { useLocation } from 'wouter'
import { sayProblem } from '../../api/problem'
import { useStartRun } from '../../api/runs'
import { sayWrong } from '../../parts/notes'
import { inProject } from '../../parts/where'

/** Starts a run of a saved recipe and opens its page; a double press starts one. */
export function useGenerate(project: string) {
  const [, go] = useLocation()
  const run = useStartRun(project)
  const once = useRef(crypto.randomUUID())
  return {
    isPending: run.isPending,
    start: (recipe: string) =>
      run.mutate(
        { recipe, once: once.current },
        {
          onSuccess: (made) => go(inProject(project, 'runs', made.run)),
          onError: (error) => sayWrong(sayProblem(error)),
          onSettled: () => {
            once.current = crypto.randomUUID()
          },
        },
      ),
  }
}
