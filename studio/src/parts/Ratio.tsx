import { Group, Progress } from '@mantine/core'
import { count, share } from './figures'

interface Props {
  part: number
  all: number
  /** What is counted: "accepted". */
  word?: string
  bar?: boolean
}

/** "19 of 24 accepted" with a thin line as long as that. */
export function Ratio({ part, all, word = '', bar = true }: Props) {
  return (
    <Group gap={8} wrap="nowrap" align="baseline">
      {bar && (
        <Progress
          value={all ? (100 * part) / all : 0}
          size={4}
          w={96}
          style={{ flex: 'none', alignSelf: 'center' }}
          aria-label={`${share(part, all)} ${word}`.trim()}
        />
      )}
      <span className="sb-figures" style={{ whiteSpace: 'nowrap' }}>
        {count(part)} of {count(all)} {word}
      </span>
    </Group>
  )
}
