import { Box, Button, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTryTemplate } from '../../api/templates'
import type { Json } from '../../api/types'
import { ErrorNote } from '../../parts/ErrorNote'
import { allText, type TemplateDocument, variablesOf } from './templateText'

/** The text as it will be, with values put in for its variables. */
export function TryTemplate({ document }: { document: TemplateDocument }) {
  const attempt = useTryTemplate()
  const [values, setValues] = useState<Record<string, string>>({})
  const names = variablesOf(allText(document))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const given: Record<string, Json> = {}
    for (const name of names) if (values[name]) given[name] = values[name]
    attempt.mutate({ document, values: given })
  }
  return (
    <Box component="form" onSubmit={submit} className="sb-panel" p="md" style={{ alignSelf: 'start' }}>
      <Stack gap="sm">
        <Title order={2}>Try it</Title>
        {!names.length && (
          <div className="sb-soft">No variables yet: write one in braces, such as {'{product}'}.</div>
        )}
        {names.map((name) => (
          <TextInput
            key={name}
            label={name}
            placeholder="empty: one of its values"
            value={values[name] ?? ''}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        ))}
        <Button
          type="submit"
          variant="default"
          loading={attempt.isPending}
          style={{ alignSelf: 'flex-start' }}
        >
          Put the values in
        </Button>
        <ErrorNote error={attempt.error} />
        <div role="status">
          {attempt.data?.texts.map((text, place) => (
            <Box key={place} py={8} className="sb-read" style={{ borderTop: '1px solid var(--sb-line)' }}>
              {text}
            </Box>
          ))}
        </div>
      </Stack>
    </Box>
  )
}
