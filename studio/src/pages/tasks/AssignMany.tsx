import { Autocomplete, Button, Popover } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { BulkChange } from '../../api/records'

interface Props {
  act: (change: BulkChange, words: string) => void
  people: string[]
}

/** Gives all that are chosen to somebody, or to nobody. */
export function AssignMany({ act, people }: Props) {
  const [open, setOpen] = useState(false)
  const [person, setPerson] = useState('')
  const [empty, setEmpty] = useState(false)
  const done = (to: string, words: string) => {
    act({ person: to }, words)
    setPerson('')
    setOpen(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setEmpty(!person.trim())
    if (person.trim()) done(person.trim(), `Assigned to ${person.trim()}`)
  }
  return (
    <Popover opened={open} onChange={setOpen} position="top" trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="default" onClick={() => setOpen(!open)}>
          Assign
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Assign">
        <form onSubmit={submit}>
          <Autocomplete
            label="To whom"
            size="xs"
            maxLength={100}
            error={empty && 'Who is to do them?'}
            comboboxProps={{ withinPortal: false }}
            openOnFocus={false}
            data={people}
            value={person}
            onChange={setPerson}
          />
          <Button type="submit" size="compact-sm" mt={8} mr={8}>
            Give
          </Button>
          <Button size="compact-sm" mt={8} variant="default" onClick={() => done('', 'Assigned to nobody')}>
            To nobody
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
