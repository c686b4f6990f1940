import { Textarea } from '@mantine/core'
import { slotTexts, type TemplateDocument } from './templateText'

interface Props {
  document: TemplateDocument
  /** What is missing. */
  error: string | undefined
  onChange: (document: TemplateDocument) => void
}

/** Sentences with slots, one a line; filled on the page Augment. */
export function SlotFields({ document, error, onChange }: Props) {
  const texts = slotTexts(document)
  const old = Array.isArray(document.items) ? document.items : []
  return (
    <Textarea
      label="Sentences"
      description="One a line. {PERSON} or {CITY} is a slot: a name of that label is put in and marked."
      withAsterisk
      error={error}
      autosize
      minRows={8}
      maxRows={24}
      value={texts.join('\n')}
      onChange={(event) => {
        const lines = event.currentTarget.value.split('\n')
        onChange({
          ...document,
          items: lines.map((line, place) => (texts[place] === line ? (old[place] ?? line) : line)),
        })
      }}
    />
  )
}
