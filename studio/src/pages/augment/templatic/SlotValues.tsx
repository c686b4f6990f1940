import { Select, Stack, Textarea } from '@mantine/core'
import type { DatasetDetail } from '../../../api/types'
import { count, counted } from '../../../parts/figures'
import { lookOf } from '../../../parts/marking'
import { listed } from './draft'

interface Props {
  slots: readonly string[]
  dataset: DatasetDetail | null
  values: Record<string, string>
  faker: string
  onValues: (values: Record<string, string>) => void
  onFaker: (locale: string) => void
}

const LOCALES = [
  'en_US',
  'en_GB',
  'de_DE',
  'fr_FR',
  'es_ES',
  'it_IT',
  'nl_NL',
  'pl_PL',
  'pt_BR',
  'tr_TR',
  'ja_JP',
]

/** What each slot is filled with: the marked words of the dataset, or what is typed. */
export function SlotValues({ slots, dataset, values, faker, onValues, onFaker }: Props) {
  if (!slots.length) {
    return <div className="sb-soft">Slots appear here as soon as a sentence has one, such as {'{PER}'}.</div>
  }
  return (
    <Stack gap="md">
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fill, minmax(240px, 1fr))',
          gap: '14px 20px',
        }}
      >
        {slots.map((slot) => {
          const own = listed(values[slot])
          return (
            <Textarea
              key={slot}
              label={
                <span className="sb-mark" style={{ ...lookOf([slot]), padding: '0 4px' }}>
                  {slot}
                </span>
              }
              aria-label={`Values of ${slot}`}
              description={whence(own.length, dataset, slot, faker)}
              placeholder="type values, one a line"
              autosize
              minRows={2}
              maxRows={8}
              value={values[slot] ?? ''}
              onChange={(event) => onValues({ ...values, [slot]: event.currentTarget.value })}
            />
          )
        })}
      </div>
      <Select
        label="Made-up names for common slots"
        description="PER, LOC, ORG, CITY, JOB, DATE, EMAIL, PHONE and a few more, where nothing else is known."
        maw={320}
        clearable
        placeholder="none"
        data={LOCALES}
        value={faker || null}
        onChange={(locale) => onFaker(locale ?? '')}
      />
    </Stack>
  )
}

function whence(typed: number, dataset: DatasetDetail | null, slot: string, faker: string): string {
  if (typed) return `${counted(typed, 'value')} typed here`
  const found = dataset?.span_labels[slot]
  if (found) return `from ${count(found)} marked in ${dataset?.name}`
  return faker ? 'made up, if it is a common one' : 'nothing yet: type some'
}
