import {
  Box,
  Button,
  CopyButton,
  Group,
  NumberInput,
  SegmentedControl,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { TransformPart } from '../../../api/types'
import { ErrorNote } from '../../../parts/ErrorNote'
import { Fold } from '../../../parts/Fold'
import { count, counted } from '../../../parts/figures'
import { Icon } from '../../../parts/Icon'
import { asked, type Draft, documentOf, type Mode, percentOf, titleOf, used, yamlOf } from './plan'
import { Share } from './Share'

interface Props {
  dataset: string
  records: number
  draft: Draft
  parts: readonly TransformPart[]
  busy: boolean
  error: unknown
  onChange: (draft: Draft) => void
  onStart: () => void
}

const MODES: Record<Mode, { label: string; help: string }> = {
  add: { label: 'Add', help: 'The records as they are, and the copies.' },
  new: { label: 'New', help: 'The copies alone.' },
  inplace: { label: 'In place', help: 'As many records as before: copies in the places of their originals.' },
}

/** What will be done, in numbers and as YAML, and the button that does it. */
export function PlanPanel({ dataset, records, draft, parts, busy, error, onChange, onStart }: Props) {
  const entries = used(draft)
  const copies = entries.reduce((all, one) => all + asked(records, draft, one), 0)
  const tooMany = draft.mode === 'inplace' && copies > records
  const own = draft.into === dataset
  const yaml = yamlOf(documentOf(draft))
  return (
    <Stack className="sb-panel sb-beside" component="section" aria-label="Plan" gap="md">
      <h2 style={{ margin: 0, fontSize: 15 }}>Plan</h2>
      {entries.length === 0 ? (
        <div className="sb-soft">
          Tick a transform, or move its slider: that share of the {counted(records, 'record')} gets a changed
          copy.
        </div>
      ) : (
        <ul aria-label="What will be done" style={{ margin: 0, padding: 0, listStyle: 'none' }}>
          {entries.map((one) => (
            <li key={one.id} style={{ display: 'flex', gap: 8, padding: '2px 0' }}>
              <span style={{ flex: 1 }}>{titleOf(one, parts)}</span>
              <span className="sb-soft">{percentOf(draft, one)} %</span>
              <span data-count style={{ minWidth: 56, textAlign: 'right' }}>
                {count(asked(records, draft, one))}
              </span>
            </li>
          ))}
          <li style={{ display: 'flex', borderTop: '1px solid var(--sb-line)', marginTop: 6, paddingTop: 6 }}>
            <strong style={{ flex: 1, fontWeight: 600 }}>{counted(copies, 'copy', 'copies')}</strong>
            <span className="sb-soft" data-total>
              {draft.mode === 'new' || own
                ? ''
                : `${count(draft.mode === 'add' ? records + copies : records)} records come out`}
            </span>
          </li>
        </ul>
      )}
      <Box>
        <div id="augment-share">Max proportion</div>
        <div className="sb-meta">The share that a transform has until you move its own slider.</div>
        <Share
          name="All transforms"
          percent={draft.percent}
          onChange={(percent) => onChange({ ...draft, percent })}
        />
      </Box>
      <Box>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="What comes out"
          data={Object.entries(MODES).map(([value, { label }]) => ({ value, label }))}
          value={draft.mode}
          onChange={(mode) => onChange({ ...draft, mode: mode as Mode })}
        />
        <div className="sb-meta">{MODES[draft.mode].help}</div>
      </Box>
      <Group grow align="flex-start">
        <NumberInput
          label="Copies"
          description="of each record drawn, all different"
          min={1}
          max={1000}
          allowDecimal={false}
          value={draft.copies}
          onChange={(copies) => onChange({ ...draft, copies: typeof copies === 'number' ? copies : 1 })}
        />
        <NumberInput
          label="Seed"
          description="the same gives the same copies"
          min={0}
          max={2147483647}
          allowDecimal={false}
          value={draft.seed}
          onChange={(seed) => onChange({ ...draft, seed: typeof seed === 'number' ? seed : 0 })}
        />
      </Group>
      <TextInput
        label="Into the dataset"
        description={
          own
            ? 'The copies are put beside the records they were made of.'
            : `A new one. Write ${dataset} to put the copies beside their originals.`
        }
        placeholder={`${dataset}-augmented`}
        value={draft.into}
        onChange={(event) => onChange({ ...draft, into: event.currentTarget.value })}
      />
      {tooMany && (
        <div role="alert" style={{ color: 'var(--sb-decline-ink)' }}>
          In place each record is changed once, but {count(copies)} of {count(records)} are to be. Lower the
          shares.
        </div>
      )}
      {error !== null && <ErrorNote error={error} />}
      <Button loading={busy} onClick={onStart}>
        {entries.length ? `Augment: make ${counted(copies, 'copy', 'copies')}` : 'Augment'}
      </Button>
      {entries.length > 0 && (
        <Fold title="Plan as YAML">
          <Stack gap={8}>
            <Textarea
              aria-label="Plan as YAML"
              readOnly
              autosize
              maxRows={16}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
              value={yaml}
            />
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <span className="sb-meta">
                <code>seedbed augment {dataset} --plan plan.yaml -o …</code> makes the same copies.
              </span>
              <CopyButton value={yaml}>
                {({ copied, copy }) => (
                  <Button
                    size="compact-sm"
                    variant="default"
                    style={{ flex: 'none' }}
                    leftSection={<Icon name={copied ? 'check' : 'copy'} size={12} />}
                    onClick={copy}
                  >
                    {copied ? 'Copied' : 'Copy'}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Stack>
        </Fold>
      )}
    </Stack>
  )
}
