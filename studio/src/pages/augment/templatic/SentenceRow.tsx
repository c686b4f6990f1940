import { ActionIcon, Group, Slider, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FillProblem } from '../../../api/fills'
import { Icon } from '../../../parts/Icon'
import { MarkedText } from '../../../parts/MarkedText'
import { MOST, type Sentence } from './draft'
import { SlotInput } from './SlotInput'
import { spansOf } from './slots'

interface Props {
  one: Sentence
  number: number
  problems: readonly FillProblem[]
  onChange: (one: Sentence) => void
  onRemove: () => void
}

/** A problem in the words of this page: slots have no values on a command line here. */
function sentenceOf({ message, hint }: FillProblem): string {
  const plain = message.replaceAll('`', '')
  const said = `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`
  return hint.includes('--')
    ? `${said} Type some below, or choose a dataset that has them marked.`
    : `${said} ${hint}`
}

/** A sentence of the list: how many records it makes, its label, changed in its place. */
export function SentenceRow({ one, number, problems, onChange, onRemove }: Props) {
  const [edited, setEdited] = useState<string | null>(null)
  const keep = () => {
    if (edited?.trim()) onChange({ ...one, text: edited })
    setEdited(null)
  }
  return (
    <li
      style={{ listStyle: 'none', padding: '10px 0', borderBottom: '1px solid var(--sb-line)' }}
      data-sentence={number}
    >
      <Group wrap="nowrap" align="flex-start" gap="md">
        <div style={{ flex: 1, minWidth: 0, fontSize: 14.5, lineHeight: 1.6, overflowWrap: 'anywhere' }}>
          {edited === null ? (
            <MarkedText text={one.text} spans={spansOf(one.text)} />
          ) : (
            <SlotInput
              label={`Sentence ${number}`}
              hidden
              autoFocus
              value={edited}
              onChange={setEdited}
              onEnter={keep}
              onEscape={() => setEdited(null)}
            />
          )}
          {problems.map((problem, place) => (
            <div key={place} className="sb-meta" style={{ color: 'var(--sb-decline-ink)' }}>
              {sentenceOf(problem)}
            </div>
          ))}
        </div>
        <TextInput
          aria-label={`Sentence ${number}: label`}
          placeholder="label"
          size="xs"
          w={104}
          value={one.label ?? ''}
          onChange={(event) => onChange({ ...one, label: event.currentTarget.value })}
        />
        <Group w={176} gap={10} wrap="nowrap" pt={5}>
          <Slider
            style={{ flex: 1 }}
            size={4}
            thumbSize={16}
            label={null}
            min={1}
            max={MOST}
            value={one.n}
            onChange={(n) => onChange({ ...one, n })}
            thumbLabel={`Sentence ${number}: how many records`}
          />
          <span data-count style={{ minWidth: 24, textAlign: 'right' }}>
            {one.n}
          </span>
        </Group>
        <Group gap={0} wrap="nowrap">
          <ActionIcon
            aria-label={edited === null ? `Edit sentence ${number}` : `Keep sentence ${number}`}
            onClick={() => (edited === null ? setEdited(one.text) : keep())}
          >
            <Icon name={edited === null ? 'edit' : 'check'} size={14} />
          </ActionIcon>
          <ActionIcon aria-label={`Remove sentence ${number}`} onClick={onRemove}>
            <Icon name="trash" size={14} />
          </ActionIcon>
        </Group>
      </Group>
    </li>
  )
}
