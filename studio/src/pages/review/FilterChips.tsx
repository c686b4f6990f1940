import { Button } from '@mantine/core'
import type { RecordFilter } from '../../api/records'
import { Icon } from '../../parts/Icon'
import { filterWords } from './filter'

interface Props {
  where: RecordFilter
  set: (change: RecordFilter) => void
}

/** The filters that hold and stand in no field of the bar; a click takes one away. */
export function FilterChips({ where, set }: Props) {
  return filterWords(where).map(({ name, words }) => (
    <Button
      key={name}
      size="compact-sm"
      variant="light"
      color="gray"
      rightSection={<Icon name="close" size={11} />}
      aria-label={`Without the filter ${words}`}
      onClick={() => set({ [name]: undefined })}
      maw={240}
    >
      {words}
    </Button>
  ))
}
