import { Box, Stack } from '@mantine/core'
import type { PreviewAttempt, Values } from '../../api/types'
import { Fold } from '../../parts/Fold'
import { StateDot } from '../../parts/StateDot'
import { titleOf } from '../../parts/schema/shape'

/** One attempt of a preview: the records, then what was asked and answered. */
export function PreviewAttemptCard({ attempt }: { attempt: PreviewAttempt }) {
  const cell = Object.entries(attempt.cell).map(([axis, value]) => `${axis}: ${value}`)
  return (
    <Box className="sb-panel" p="md">
      <div className="sb-meta">{[...cell, attempt.model].join(' · ')}</div>
      <Stack gap="sm" my="sm">
        {attempt.records.map((record, place) => (
          <div key={place}>
            <div className="sb-read">{textOf(record.values)}</div>
            <div className="sb-meta">
              <StateDot state={record.state} />
              {record.reason && ` · ${[titleOf(record.reason), record.detail].filter(Boolean).join(': ')}`}
            </div>
          </div>
        ))}
        {attempt.error && <div style={{ color: 'var(--sb-decline-ink)' }}>{attempt.error}</div>}
      </Stack>
      <Fold
        title="Prompt and answer"
        note={attempt.calls.length > 1 ? `${attempt.calls.length} calls` : undefined}
      >
        <Stack gap="sm">
          {attempt.calls.map((call, place) => (
            <div key={place}>
              {call.prompt.map((message, at) => (
                <Message key={at} who={message.role} words={message.content} />
              ))}
              <Message who={`answer of ${call.model}`} words={call.answer} />
            </div>
          ))}
        </Stack>
      </Fold>
    </Box>
  )
}

function Message({ who, words }: { who: string; words: string }) {
  return (
    <Box mb="xs">
      <div className="sb-meta">{who}</div>
      <div style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{words}</div>
    </Box>
  )
}

function textOf(values: Values): string {
  if (typeof values.text === 'string') return values.text
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')
}
