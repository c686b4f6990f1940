import { ActionIcon, Tooltip } from '@mantine/core'
import { Icon } from '../../parts/Icon'

/** Nothing is chosen any more; `Esc` does the same. */
export function LetGo({ letGo }: { letGo: () => void }) {
  return (
    <Tooltip label="Let go (Esc)">
      <ActionIcon size={26} aria-label="Let go of what is chosen" onClick={letGo}>
        <Icon name="close" size={13} />
      </ActionIcon>
    </Tooltip>
  )
}
