import { ActionIcon, Button, Group, Popover, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { sayProblem } from '../../api/problem'
import { useChangeViews, useViews } from '../../api/records'
import { Icon } from '../../parts/Icon'
import { say, sayWrong } from '../../parts/notes'
import { type Listing, usual } from './filter'

interface Props {
  dataset: string
  listing: Listing
  go: (to: Listing) => void
}

/** Filters that were saved under a name. */
export function ViewsMenu({ dataset, listing, go }: Props) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const { data = [] } = useViews(dataset)
  const { save, drop } = useChangeViews(dataset)
  const filtered = Object.values(listing.where).some(Boolean)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const where = Object.fromEntries(Object.entries(listing.where).filter(([, value]) => value))
    save(name.trim(), where).then(
      () => {
        say(`Saved as ${name.trim()}.`)
        setName('')
        setOpen(false)
      },
      (error) => sayWrong(sayProblem(error)),
    )
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-md"
          variant="default"
          rightSection={<Icon name="down" size={12} />}
          onClick={() => setOpen(!open)}
        >
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        <Stack gap={6}>
          {data.map((view) => (
            <Group key={view.id} gap={4} wrap="nowrap">
              <Button
                variant="subtle"
                color="gray"
                justify="flex-start"
                style={{ flex: 1, minWidth: 0 }}
                size="compact-md"
                onClick={() => {
                  go({ where: view.where, sort: view.where.doubted ? 'doubt' : usual(view.where) })
                  setOpen(false)
                }}
              >
                {view.name}
              </Button>
              <ActionIcon
                aria-label={`Forget the view ${view.name}`}
                onClick={() => drop(view).catch((error) => sayWrong(sayProblem(error)))}
              >
                <Icon name="trash" size={14} />
              </ActionIcon>
            </Group>
          ))}
          {!data.length && <span className="sb-soft">A view is a filter with a name, to come back to.</span>}
          <form onSubmit={submit}>
            <Group gap={6} align="flex-end" wrap="nowrap">
              <TextInput
                label="Save what is shown as"
                size="xs"
                style={{ flex: 1 }}
                required
                maxLength={100}
                placeholder={filtered ? 'late parcels' : 'all records'}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button type="submit" size="xs" variant="default">
                Save
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
