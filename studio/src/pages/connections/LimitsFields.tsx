import { SimpleGrid } from '@mantine/core'
import type { ConnectionBody } from '../../api/types'
import { Fold } from '../../parts/Fold'
import { NumberField } from '../../parts/NumberField'

const FIELDS: { name: Limit; title: string; help: string; without?: string }[] = [
  { name: 'concurrency', title: 'Calls at once', help: 'Where it starts, and the most.' },
  { name: 'requests_per_minute', title: 'Requests a minute', help: 'What your contract allows.' },
  { name: 'tokens_per_minute', title: 'Tokens a minute', help: 'What your contract allows.' },
  { name: 'timeout', title: 'Seconds for a call', help: 'Then it counts as lost.' },
  { name: 'retries', title: 'Tries again', help: 'After a failure that may pass.', without: '6' },
  {
    name: 'patience',
    title: 'Seconds of patience',
    help: 'While it is out of order. 0: not waited for.',
    without: '600',
  },
]

export const LIMITS: readonly string[] = FIELDS.map((one) => one.name)

type Limit = 'concurrency' | 'requests_per_minute' | 'tokens_per_minute' | 'timeout' | 'retries' | 'patience'

interface Props {
  body: ConnectionBody
  onChange: (more: ConnectionBody) => void
  errors: Record<string, string>
}

/** How much may be asked of it. */
export function LimitsFields({ body, onChange, errors }: Props) {
  return (
    <Fold title="Limits" open={FIELDS.some(({ name }) => errors[name])}>
      <SimpleGrid cols={2} spacing="sm">
        {FIELDS.map(({ name, title, help, without }) => (
          <NumberField
            key={name}
            label={title}
            description={help}
            placeholder={without ?? 'no limit of its own'}
            min={0}
            thousandSeparator=","
            error={errors[name]}
            value={body[name] ?? undefined}
            onChange={(now) => onChange({ [name]: now ?? null })}
          />
        ))}
      </SimpleGrid>
    </Fold>
  )
}
