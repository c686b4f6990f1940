import { Button, Group } from '@mantine/core'
import type { Decision } from '../../../api/types'
import { Icon } from '../../../parts/Icon'
import type { Mode } from '../types'
import type { InFocus } from './types'

/** Approve, decline, flag; the other keys below. */
export function Decisions({ store, row, state }: InFocus) {
  const decide = (decision: Decision) =>
    store.dispatch({ type: 'change', change: { decision }, moveOn: true })
  const mode = (name: Mode) => store.dispatch({ type: 'mode', mode: name })
  return (
    <div className="rv-foot">
      <Group gap={8} wrap="nowrap">
        <Button
          flex={1}
          variant="default"
          px={8}
          leftSection={<Icon name="close" size={13} />}
          rightSection={<kbd>D</kbd>}
          onClick={() => decide('declined')}
        >
          Decline
        </Button>
        <Button variant="default" px={8} rightSection={<kbd>F</kbd>} onClick={() => decide('flagged')}>
          Flag
        </Button>
        <Button
          flex={1}
          px={8}
          leftSection={<Icon name="check" size={13} />}
          rightSection={<kbd>A</kbd>}
          onClick={() => decide('approved')}
        >
          Approve
        </Button>
      </Group>
      <Group gap={0} mt={8} mx={-6} wrap="nowrap" justify="space-between">
        <Small keys="U" word="undo" onClick={() => store.dispatch({ type: 'undo' })} />
        <Small keys="E" word="edit" onClick={() => mode('edit')} />
        <Small
          keys="S"
          word="mark"
          pressed={state.mode === 'spans'}
          onClick={() => mode(state.mode === 'spans' ? 'list' : 'spans')}
        />
        <Small
          keys="X"
          word="choose"
          pressed={state.selected.has(row.id)}
          onClick={() => store.dispatch({ type: 'toggle' })}
        />
        <Small keys="?" word="keys" onClick={() => mode('keys')} />
      </Group>
    </div>
  )
}

interface SmallProps {
  keys: string
  word: string
  pressed?: boolean
  onClick: () => void
}

function Small({ keys, word, pressed, onClick }: SmallProps) {
  return (
    <Button
      size="compact-xs"
      variant={pressed ? 'light' : 'subtle'}
      color="gray"
      px={4}
      aria-pressed={pressed}
      leftSection={<kbd>{keys}</kbd>}
      onClick={onClick}
    >
      {word}
    </Button>
  )
}
