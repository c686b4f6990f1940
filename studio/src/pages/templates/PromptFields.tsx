import { Stack, Textarea, TextInput } from '@mantine/core'
import { MapField } from '../../parts/schema/MapField'
import type { TemplateDocument } from './templateText'

interface Props {
  document: TemplateDocument
  /** What is missing. */
  error: string | undefined
  onChange: (document: TemplateDocument) => void
}

/** A prompt for a model, with the values its variables may take. */
export function PromptFields({ document, error, onChange }: Props) {
  const text = (name: string) => (typeof document[name] === 'string' ? document[name] : '')
  const set = (name: string, value: string) => {
    const { [name]: _, ...rest } = document
    onChange(value || name === 'prompt' ? { ...document, [name]: value } : rest)
  }
  return (
    <Stack gap="md">
      <Textarea
        label="Prompt"
        description="Names in braces are variables: {product}, {city}."
        withAsterisk
        error={error}
        autosize
        minRows={6}
        maxRows={20}
        value={text('prompt')}
        onChange={(event) => set('prompt', event.currentTarget.value)}
      />
      <Textarea
        label="System text"
        description="Who the model is; the built-in one if this is empty."
        autosize
        minRows={2}
        maxRows={10}
        value={text('system')}
        onChange={(event) => set('system', event.currentTarget.value)}
      />
      <TextInput
        label="Description"
        value={text('description')}
        onChange={(event) => set('description', event.currentTarget.value)}
      />
      <MapField
        name="values"
        schema={{}}
        root={{}}
        shape={{ kind: 'map of lists', schema: {}, empty: true, choices: [], options: [] }}
        title="Values"
        help="What each variable may be; recipes may give others."
        value={document.values}
        onChange={(values) => {
          const { values: _, ...rest } = document
          onChange(values === undefined ? rest : { ...rest, values })
        }}
      />
    </Stack>
  )
}
