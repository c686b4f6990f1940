import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Some } from '../../../api/augment'
import type { TransformPart } from '../../../api/types'
import { counted } from '../../../parts/figures'
import { Icon } from '../../../parts/Icon'
import { type Draft, type Entry, entry, percentOf } from './plan'
import { TransformCard } from './TransformCard'

interface Props {
  parts: readonly TransformPart[]
  draft: Draft
  dataset: string
  some: Some | null
  records: number
  onChange: (draft: Draft) => void
}

const ALL = 'all'
const USED = 'used'

/** All transforms as cards, in groups; found by a word. */
export function Gallery({ parts, draft, dataset, some, records, onChange }: Props) {
  const [words, setWords] = useState('')
  const [group, setGroup] = useState(ALL)
  const groups = [...new Set(parts.map((part) => part.group))]
  const isUsed = (kind: string) => draft.entries.some((one) => one.kind === kind && percentOf(draft, one) > 0)
  const found = parts.filter(
    (part) =>
      matches(part, words) &&
      (group === ALL || group === part.group || (group === USED && isUsed(part.kind))),
  )
  const put = (one: Entry) => {
    const known = draft.entries.some((old) => old.id === one.id)
    const entries = known
      ? draft.entries.map((old) => (old.id === one.id ? one : old))
      : [...draft.entries, one]
    onChange({ ...draft, entries })
  }
  const choose = (name: string, label: string) => (
    <Button
      key={name}
      size="compact-sm"
      variant={group === name ? 'light' : 'subtle'}
      color={group === name ? undefined : 'gray'}
      aria-pressed={group === name}
      onClick={() => setGroup(name)}
    >
      {label}
    </Button>
  )
  return (
    <Stack gap="md">
      <Group gap="sm">
        <TextInput
          aria-label="Search transforms"
          placeholder="Search transforms"
          leftSection={<Icon name="search" size={14} />}
          w={220}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Group gap={4} role="group" aria-label="Groups of transforms">
          {choose(ALL, 'All')}
          {groups.map((name) => choose(name, capital(name)))}
          {draft.entries.some((one) => percentOf(draft, one) > 0) && choose(USED, 'In the plan')}
        </Group>
      </Group>
      <div className="sb-meta" role="status">
        {counted(found.length, 'transform')}
      </div>
      {groups
        .filter((name) => found.some((part) => part.group === name))
        .map((name) => (
          <section key={name} aria-label={capital(name)}>
            <h2 style={{ margin: '0 0 8px', fontSize: 15 }}>{capital(name)}</h2>
            <ul className="sb-cards" style={{ margin: 0, padding: 0 }}>
              {found
                .filter((part) => part.group === name)
                .flatMap((part) =>
                  entriesOf(draft, part.kind).map((one, place) => (
                    <TransformCard
                      key={one.id}
                      part={part}
                      parts={parts}
                      one={one}
                      draft={draft}
                      dataset={dataset}
                      some={some}
                      records={records}
                      again={place > 0}
                      onChange={put}
                      onRepeat={() => put({ ...entry(part.kind, nextId(draft, part.kind)), percent: null })}
                      onRemove={() =>
                        onChange({ ...draft, entries: draft.entries.filter((old) => old.id !== one.id) })
                      }
                    />
                  )),
                )}
            </ul>
          </section>
        ))}
    </Stack>
  )
}

/** The entries of a kind; one that does nothing yet if there is none. */
function entriesOf(draft: Draft, kind: string): Entry[] {
  const own = draft.entries.filter((one) => one.kind === kind)
  return own.some((one) => one.id === kind) ? own : [entry(kind), ...own]
}

function nextId(draft: Draft, kind: string): string {
  let number = 2
  while (draft.entries.some((one) => one.id === `${kind}-${number}`)) number++
  return `${kind}-${number}`
}

function matches(part: TransformPart, words: string): boolean {
  const text = [part.kind.replaceAll('_', ' '), part.kind, part.title, part.summary, part.group]
    .join(' ')
    .toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
