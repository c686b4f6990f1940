import { Box, Button, Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Some } from '../../../api/augment'
import type { TransformPart } from '../../../api/types'
import { Fold } from '../../../parts/Fold'
import { counted } from '../../../parts/figures'
import { Icon } from '../../../parts/Icon'
import { SchemaForm } from '../../../parts/schema/SchemaForm'
import { useSeen } from '../useSeen'
import { Chain } from './Chain'
import { Preview } from './Preview'
import { asked, CHAIN, type Draft, type Entry, percentOf, titleOf } from './plan'
import { Share } from './Share'
import { OMITTED, ownSettings, WORDS } from './words'

interface Props {
  part: TransformPart
  parts: readonly TransformPart[]
  one: Entry
  draft: Draft
  dataset: string
  some: Some | null
  records: number
  /** Whether it stands below another card of the same transform. */
  again: boolean
  onChange: (one: Entry) => void
  onRepeat: () => void
  onRemove: () => void
}

const MORE = 3

/** A transform: its share, what that makes, what it does to records, its settings, and what comes after it. */
export function TransformCard(props: Props) {
  const { part, parts, one, draft, dataset, some, records, again, onChange, onRepeat, onRemove } = props
  const [place, seen] = useSeen<HTMLLIElement>()
  const [n, setN] = useState(1)
  const percent = percentOf(draft, one)
  const number = asked(records, draft, one)
  const title = one.next.length ? titleOf(one, parts) : part.title
  const set = Object.keys(one.settings).length
  const inUse = percent > 0
  return (
    <li
      ref={place}
      className="sb-panel sb-card"
      data-kind={part.kind}
      data-used={inUse || undefined}
      style={{ listStyle: 'none' }}
    >
      <Stack gap={8}>
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
          <Group gap={8} wrap="nowrap" align="flex-start">
            <Checkbox
              size="xs"
              mt={2}
              aria-label={`Use ${title}`}
              checked={inUse}
              onChange={() => onChange({ ...one, percent: inUse ? 0 : null })}
            />
            <h3 style={{ margin: 0, fontSize: 'inherit', fontWeight: 600 }}>{title}</h3>
          </Group>
          <span className="sb-meta" data-count style={{ whiteSpace: 'nowrap' }}>
            {inUse ? counted(number, 'copy', 'copies') : ''}
          </span>
        </Group>
        <Box className="sb-soft" style={{ overflowWrap: 'anywhere' }}>
          {part.summary.replaceAll('`', '')}
        </Box>
        <Share name={title} percent={percent} onChange={(now) => onChange({ ...one, percent: now })} />
        <Preview dataset={dataset} some={some} one={one} part={part} seed={draft.seed} n={n} seen={seen} />
        {(inUse || part.kind === CHAIN) && (
          <Chain
            name={part.title}
            steps={one.next}
            parts={parts}
            onChange={(next) => onChange({ ...one, next })}
          />
        )}
        {part.kind !== CHAIN && (
          <Fold title="Settings" note={set ? `${set} set` : undefined}>
            <SchemaForm
              schema={part.schema}
              value={one.settings}
              onChange={(settings) => onChange({ ...one, settings })}
              omit={OMITTED}
              first={ownSettings(part.schema)}
              words={WORDS}
            />
          </Fold>
        )}
        <Group gap={8} ml={-8}>
          <Button size="compact-xs" variant="subtle" onClick={() => setN(n === 1 ? MORE : 1)}>
            {n === 1 ? 'More examples' : 'One example'}
          </Button>
          {inUse && (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<Icon name="copy" size={12} />}
              onClick={onRepeat}
            >
              Use it twice
            </Button>
          )}
          {again && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              leftSection={<Icon name="trash" size={12} />}
              onClick={onRemove}
            >
              Remove
            </Button>
          )}
        </Group>
      </Stack>
    </li>
  )
}
