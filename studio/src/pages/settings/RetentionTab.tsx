import { Button, NumberInput, Stack, Switch } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSaveSettings, useSettings } from '../../api/people'
import { Problem } from '../../api/problem'
import type { Settings } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { ErrorNote } from '../../parts/ErrorNote'
import { counted } from '../../parts/figures'
import { say } from '../../parts/notes'

/** How long traces of work are kept, and where connections may lead. */
export function RetentionTab() {
  return <Answer query={useSettings()}>{(settings) => <Form settings={settings} />}</Answer>
}

function Form({ settings }: { settings: Settings }) {
  const save = useSaveSettings()
  // As they were looked at here: what comes meanwhile must not be overwritten unseen.
  const [seen, setSeen] = useState(settings)
  const [theirs, setTheirs] = useState<Settings | null>(null)
  const [days, setDays] = useState(settings.retention_days)
  const [open, setOpen] = useState(settings.private_addresses)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(
      { retention_days: days, private_addresses: open, revision: seen.revision },
      {
        onSuccess: (saved) => {
          say('The settings are saved.')
          setSeen(saved)
          setTheirs(null)
        },
        onError: (error) => {
          if (!(error instanceof Problem) || error.status !== 412) return
          setSeen(error.theirs as Settings)
          setTheirs(error.theirs as Settings)
        },
      },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md" maw={560}>
        <NumberInput
          label="Days to keep the audit log, ended jobs and unused logins"
          description="After that they are deleted; datasets, runs, reports and spot checks stay. Empty: as long as there is room."
          maw={560}
          min={1}
          value={days ?? ''}
          onChange={(now) => setDays(typeof now === 'number' ? now : null)}
        />
        <Switch
          label="Connections may lead into the private network"
          description="Needed for model servers in your own network; otherwise only public addresses are asked."
          checked={open}
          onChange={(event) => setOpen(event.currentTarget.checked)}
        />
        <ErrorNote error={save.error} />
        {theirs && <Theirs settings={theirs} />}
        <Button type="submit" loading={save.isPending} style={{ alignSelf: 'flex-start' }}>
          Save
        </Button>
      </Stack>
    </form>
  )
}

/** What somebody else has set meanwhile; what was typed here is kept, and takes its place when it is saved again. */
function Theirs({ settings }: { settings: Settings }) {
  const days = settings.retention_days
  return (
    <div>
      Set now: traces are kept {days === null ? 'as long as there is room' : `for ${counted(days, 'day')}`},
      connections may {settings.private_addresses ? '' : 'not '}lead into the private network. Saving again
      sets what stands above.
    </div>
  )
}
