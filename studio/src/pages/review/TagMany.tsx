import { Button, Popover, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { BulkChange } from '../../api/records'

/** Adds a tag to all that are chosen, or takes one away. */
export function TagMany({ act }: { act: (change: BulkChange, words: string) => void }) {
  const [open, setOpen] = useState(false)
  const [tag, setTag] = useState('')
  const [empty, setEmpty] = useState(false)
  const done = (change: BulkChange, words: string) => {
    setEmpty(!tag.trim())
    if (!tag.trim()) return
    act(change, words)
    setTag('')
    setOpen(false)
  }
  return (
    <Popover opened={open} onChange={setOpen} position="top" trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="default" onClick={() => setOpen(!open)}>
          Tag
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Tag">
        <TextInput
          label="Tag"
          size="xs"
          maxLength={100}
          error={empty && 'Which tag?'}
          value={tag}
          onChange={(event) => setTag(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') done({ add_tags: [tag.trim()] }, `Tagged ${tag.trim()}`)
          }}
        />
        <Button
          size="compact-sm"
          mt={8}
          mr={8}
          onClick={() => done({ add_tags: [tag.trim()] }, `Tagged ${tag.trim()}`)}
        >
          Add
        </Button>
        <Button
          size="compact-sm"
          mt={8}
          variant="default"
          onClick={() => done({ remove_tags: [tag.trim()] }, `Without the tag ${tag.trim()}`)}
        >
          Remove
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
