import { ActionIcon, Autocomplete, Button, Group, Stack } from '@mantine/core'
import type { ConnectionBody, PriceOf } from '../../api/types'
import { Fold } from '../../parts/Fold'
import { Icon } from '../../parts/Icon'
import { NumberField } from '../../parts/NumberField'

interface Props {
  body: ConnectionBody
  /** Models whose names are offered. */
  models: readonly string[]
  onChange: (more: ConnectionBody) => void
  /** What to say of a field that is empty when the form is sent. */
  missing: (value: string | undefined, sentence: string) => string | undefined
}

/** What its models cost, where the list prices do not hold or there are none. */
export function PricesFields({ body, models, onChange, missing }: Props) {
  const rows = Object.entries(body.prices ?? {})
  const set = (now: [string, Partial<PriceOf>][]) => onChange({ prices: Object.fromEntries(now) })
  const change = (place: number, name: string, price: Partial<PriceOf>) =>
    set(rows.map((old, at) => (at === place ? [name, price] : old)))
  return (
    <Fold title="Prices" open={rows.length > 0}>
      <Stack gap="sm" align="flex-start">
        <div className="sb-meta">
          US dollars for a million tokens, where yours differ from the list prices. Estimates and budgets go
          by them.
        </div>
        {rows.map(([name, price], place) => (
          <Group key={place} gap="xs" align="flex-start" wrap="nowrap" w="100%">
            <Autocomplete
              label="Model"
              placeholder="as the provider calls it"
              style={{ flex: 1 }}
              error={missing(name, 'Which model?')}
              value={name}
              data={[...new Set(models)].filter((one) => one === name || !(one in (body.prices ?? {})))}
              onChange={(now) => (now === name || !(now in (body.prices ?? {}))) && change(place, now, price)}
            />
            <Dollars
              label="Sent"
              missing={missing}
              value={price.input}
              onChange={(input) => change(place, name, { ...price, input })}
            />
            <Dollars
              label="Written"
              missing={missing}
              value={price.output}
              onChange={(output) => change(place, name, { ...price, output })}
            />
            <ActionIcon
              size={36}
              mt={21}
              aria-label={`Take away the price of ${name || 'this model'}`}
              onClick={() => set(rows.filter((_, at) => at !== place))}
            >
              <Icon name="close" size={13} />
            </ActionIcon>
          </Group>
        ))}
        {!rows.some(([name]) => name === '') && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="plus" size={12} />}
            onClick={() => set([...rows, ['', {}]])}
          >
            Add a price
          </Button>
        )}
      </Stack>
    </Fold>
  )
}

interface DollarsProps extends Pick<Props, 'missing'> {
  label: string
  value: number | undefined
  onChange: (now: number | undefined) => void
}

function Dollars({ label, value, onChange, missing }: DollarsProps) {
  return (
    <NumberField
      label={label}
      w={110}
      prefix="$"
      min={0}
      decimalScale={6}
      hideControls
      error={missing(value?.toString(), '0 if it is free')}
      value={value}
      onChange={onChange}
    />
  )
}
