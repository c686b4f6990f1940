import { Radio, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { type Asked, useOverlapping } from '../api/layers'
import { ErrorNote } from './ErrorNote'
import { count } from './figures'

/** How the way to them looks. */
export const SMALL = { fontSize: 'var(--sb-size-meta)' }

/** What to ask and to send where a file is to hold one layer of spans: `overlaps` goes with it once it is chosen.
 *  `see` is the way to the records it is about. */
export function useOneLayer(asked: Asked, format: string, see: ReactNode, enabled = true) {
  const { records, error, looking } = useOverlapping(asked, format, enabled)
  const [chosen, setChosen] = useState<string>('outer')
  return {
    overlaps: records ? chosen : undefined,
    looking,
    ask: error ? (
      <ErrorNote error={error} />
    ) : records ? (
      <OneLayer records={records} noun={asked.of} see={see} value={chosen} onChange={setChosen} />
    ) : null,
  }
}

interface Props {
  records: number
  noun: Asked['of']
  see: ReactNode
  value: string
  onChange: (value: string) => void
}

function OneLayer({ records, noun, see, value, onChange }: Props) {
  const one = records === 1
  const some = one ? `1 ${noun.slice(0, -1)} has` : `${count(records)} ${noun} have`
  return (
    <Radio.Group
      label={`${some} spans that overlap`}
      description="This format holds one layer of spans."
      size="xs"
      value={value}
      onChange={onChange}
    >
      <Stack gap={6} mt={6}>
        <Radio size="xs" value="outer" label="Keep the longest spans" />
        <Radio
          size="xs"
          value="skip"
          label={one ? `Leave this ${noun.slice(0, -1)} out` : `Leave these ${noun} out`}
        />
        {see}
      </Stack>
    </Radio.Group>
  )
}
