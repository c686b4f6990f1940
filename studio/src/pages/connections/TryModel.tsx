import { Autocomplete, Button, Group } from '@mantine/core'

interface Props {
  /** Those that are known, the one that is asked if none is named first. */
  models: readonly string[]
  value: string
  onChange: (model: string) => void
  waits: boolean
  /** Why no model was asked. */
  error?: string
  /** Called with the model to ask; undefined where none is named and none is known. */
  onTry: (model: string | undefined) => void
}

/** The model that is asked whether a connection works, and the button for it. */
export function TryModel({ models, value, onChange, waits, error, onTry }: Props) {
  return (
    <Group align="flex-end" gap="xs">
      <Autocomplete
        label="Model to try"
        error={error}
        description="Validate asks it for one word."
        placeholder={models[0] ?? 'as the provider calls it'}
        style={{ flex: 1 }}
        value={value}
        data={[...new Set(models)]}
        onChange={onChange}
      />
      <Button variant="default" loading={waits} onClick={() => onTry(value.trim() || models[0])}>
        Validate
      </Button>
    </Group>
  )
}
