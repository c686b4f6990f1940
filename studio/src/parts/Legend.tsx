import { Group } from '@mantine/core'
import { colourOf } from './marking'

/** What the colours of spans stand for. */
export function Legend({ labels, all = labels }: { labels: readonly string[]; all?: readonly string[] }) {
  if (!labels.length) return null
  return (
    <Group component="ul" gap={10} p={0} m={0} aria-label="Labels of the marked words">
      {labels.map((label) => (
        <li
          key={label}
          className="sb-meta"
          style={{
            color: 'var(--sb-ink)',
            background: `var(--sb-mark-${colourOf(label, all)})`,
            boxShadow: `0 2px 0 var(--sb-mark-${colourOf(label, all)}-line)`,
            borderRadius: '3px 3px 0 0',
            padding: '1px 5px',
            listStyle: 'none',
          }}
        >
          {label}
        </li>
      ))}
    </Group>
  )
}
