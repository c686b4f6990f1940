import { Button, Menu } from '@mantine/core'
import { address } from '../../api/client'
import { sayProblem } from '../../api/problem'
import { type RunAct, useRunAct } from '../../api/runs'
import { useRole } from '../../api/session'
import type { Run } from '../../api/types'
import { ButtonLink } from '../../parts/ButtonLink'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Icon } from '../../parts/Icon'
import { say, sayWrong } from '../../parts/notes'
import { inProject } from '../../parts/where'

const FORMATS = [
  { format: 'csv', title: 'CSV' },
  { format: 'jsonl', title: 'JSON lines' },
  { format: 'json', title: 'JSON' },
]

/** Pause, resume, cancel; then review and download. */
export function RunActions({ run }: { run: Run }) {
  const act = useRunAct(run.run)
  const mayEdit = useRole(run.project) !== 'reviewer'
  const doing = (what: RunAct) => act.mutate(what, { onError: (error) => sayWrong(sayProblem(error)) })
  const none = () => run.accepted || say('No record is accepted yet: there is nothing to open.')
  const going = run.state === 'running'
  const stopped = ['paused', 'interrupted', 'budget', 'failed', 'cancelled', 'shortfall'].includes(run.state)
  return (
    <>
      {mayEdit && going && (
        <Button
          variant="default"
          leftSection={<Icon name="pause" />}
          loading={act.isPending || run.wish === 'pause'}
          onClick={() => doing('pause')}
        >
          Pause
        </Button>
      )}
      {mayEdit && stopped && (
        <Button
          variant="default"
          leftSection={<Icon name="runs" />}
          loading={act.isPending}
          onClick={() => doing('resume')}
        >
          Resume
        </Button>
      )}
      {mayEdit && (going || run.state === 'paused') && (
        <ConfirmButton
          question="The run ends here. What was accepted is kept, and it can be resumed later."
          verb="Cancel the run"
          onConfirm={() => doing('cancel')}
        >
          Cancel
        </ConfirmButton>
      )}
      <Menu position="bottom-end" disabled={!run.accepted}>
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name="download" />} onClick={none}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {FORMATS.map(({ format, title }) => (
            <Menu.Item
              key={format}
              component="a"
              href={address(['exports'], { dataset: run.dataset, format })}
              download
            >
              {title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {run.accepted ? (
        <ButtonLink to={inProject(run.project, 'review', run.dataset)}>Review</ButtonLink>
      ) : (
        <Button onClick={none}>Review</Button>
      )}
    </>
  )
}
