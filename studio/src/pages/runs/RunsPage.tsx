import { Select } from '@mantine/core'
import { useState } from 'react'
import { useRuns } from '../../api/runs'
import { Answer } from '../../parts/Answer'
import { ButtonLink } from '../../parts/ButtonLink'
import { Empty } from '../../parts/Empty'
import { Heads } from '../../parts/Heads'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { RunRow } from './RunRow'

const STATES = ['running', 'paused', 'complete', 'shortfall', 'budget', 'failed', 'interrupted', 'cancelled']

/** All runs of a project, as they go on. */
export default function RunsPage() {
  const project = useProjectId()
  const [state, setState] = useState<string | null>(null)
  const runs = useRuns({ project, state: state ?? undefined })
  return (
    <Page
      title="Runs"
      about="A run asks the model until all records of a recipe are there; stopped, it goes on where it was."
      actions={
        <Select
          aria-label="State"
          placeholder="All states"
          clearable
          w={150}
          data={STATES}
          value={state}
          onChange={setState}
        />
      }
    >
      <Answer query={runs}>
        {(all) =>
          all.length ? (
            <table className="sb-table">
              <caption className="sb-hidden">Runs of this project, the latest first</caption>
              <Heads
                columns={['Run', 'State', 'Accepted', '#Rejected', '#Rate', '#Left', '#Cost', 'Started']}
              />
              <tbody>
                {all.map((run) => (
                  <RunRow key={run.run} run={run} project={project} />
                ))}
              </tbody>
            </table>
          ) : (
            <Empty
              sentence={
                state
                  ? `No run of this project is ${state}.`
                  : 'A run asks the model until all records of a recipe are there: start one from a recipe.'
              }
              action={!state && <ButtonLink to={inProject(project, 'recipes')}>Choose a recipe</ButtonLink>}
            />
          )
        }
      </Answer>
    </Page>
  )
}
