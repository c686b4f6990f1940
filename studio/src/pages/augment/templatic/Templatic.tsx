import { Box, Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { type FillResult as Made, type SlotTemplate, useFill, useFillPreview } from '../../../api/fills'
import type { DatasetDetail } from '../../../api/types'
import { useDraft } from '../../../parts/draft'
import { ErrorNote } from '../../../parts/ErrorNote'
import { Fold } from '../../../parts/Fold'
import { counted } from '../../../parts/figures'
import { JobProgress } from '../../../parts/JobProgress'
import { sayWrong } from '../../../parts/notes'
import { Waiting } from '../../../parts/Waiting'
import { bodyOf, FRESH, type Sentence, type TemplaticDraft, withSentences } from './draft'
import { FillPreviewList } from './FillPreviewList'
import { FillResult } from './FillResult'
import { ImportFile } from './ImportFile'
import { Proposals } from './Proposals'
import { SavedTemplates } from './SavedTemplates'
import { SentenceRow } from './SentenceRow'
import { SlotInput } from './SlotInput'
import { SlotValues } from './SlotValues'
import { problemOf, slotsOf } from './slots'

const USUAL = 10
const SHOWN = 2

/** Sentences with slots, filled. */
export function Templatic({ project, dataset }: { project: string; dataset: DatasetDetail | null }) {
  const [draft, setDraft] = useDraft<TemplaticDraft>(`fill:${project}`, FRESH)
  const [job, setJob] = useDraft<string | null>(`fill-job:${project}`, null)
  const fill = useFill(project)
  const slots = slotsOf([...draft.sentences.map((one) => one.text), draft.typed])
  const marked = dataset && slots.some((slot) => dataset.span_labels[slot]) ? dataset.name : null
  const body = bodyOf(draft, marked)
  const [asked] = useDebouncedValue(JSON.stringify(body), 400)
  const preview = useFillPreview(JSON.parse(asked) as typeof body, SHOWN)
  const total = draft.sentences.reduce((all, one) => all + one.n, 0)
  const into = draft.into.trim() || `${dataset?.name ?? project}-filled`

  const add = (more: readonly SlotTemplate[], typed = draft.typed): number => {
    const now = withSentences(draft, more)
    setDraft({ ...now, typed })
    return now.sentences.length - draft.sentences.length
  }
  const addTyped = () => {
    if (draft.typed.trim() && !problemOf(draft.typed)) add([{ text: draft.typed.trim(), n: USUAL }], '')
  }
  const put = (one: Sentence) =>
    setDraft({ ...draft, sentences: draft.sentences.map((old) => (old.id === one.id ? one : old)) })
  const start = () => {
    if (!draft.sentences.length) {
      sayWrong({ detail: 'There are no sentences yet.', hint: 'Type one, such as {PER} lives in {LOC}.' })
      return
    }
    fill.mutate({ ...body, into }, { onSuccess: (begun) => setJob(begun.id) })
  }

  return (
    <Stack gap={28} maw={1120}>
      <Part title="Sentences">
        <Group align="flex-end" wrap="nowrap">
          <Box style={{ flex: 1 }}>
            <SlotInput
              label="A sentence with slots"
              description="Words in braces are slots: {PER}, {PER_2} is another one of the same kind, {a:JOB} has its article before it."
              placeholder="{PER} works for {ORG} in {LOC}."
              value={draft.typed}
              onChange={(typed) => setDraft({ ...draft, typed })}
              onEnter={addTyped}
            />
          </Box>
          <Button variant="default" onClick={addTyped}>
            Add
          </Button>
        </Group>
        <ImportFile onImport={(templates) => add(templates)} />
        {draft.sentences.length > 0 && (
          <Box>
            <Group justify="space-between" className="sb-meta" pb={4}>
              <span role="status">
                {counted(draft.sentences.length, 'sentence')} for {counted(total, 'record')}
              </span>
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => setDraft({ ...draft, sentences: [] })}
              >
                Remove all
              </Button>
            </Group>
            <ul
              aria-label="Sentences"
              style={{ margin: 0, padding: 0, borderTop: '1px solid var(--sb-line)' }}
            >
              {draft.sentences.map((one, place) => (
                <SentenceRow
                  key={one.id}
                  one={one}
                  number={place + 1}
                  problems={(preview.data?.problems ?? []).filter((problem) => problem.template === place)}
                  onChange={put}
                  onRemove={() =>
                    setDraft({ ...draft, sentences: draft.sentences.filter((old) => old.id !== one.id) })
                  }
                />
              ))}
            </ul>
          </Box>
        )}
        <SavedTemplates
          project={project}
          sentences={draft.sentences}
          n={USUAL}
          onOpen={(found) => add(found)}
        />
        <Fold title="Proposals by a model">
          <Proposals
            project={project}
            dataset={dataset?.name ?? null}
            slots={slots}
            example={draft.sentences[0]?.text ?? ''}
            onAccept={(text) => add([{ text, n: USUAL }])}
          />
        </Fold>
      </Part>
      <Part title="Values of the slots">
        <SlotValues
          slots={slots}
          dataset={dataset}
          values={draft.values}
          faker={draft.faker}
          onValues={(values) => setDraft({ ...draft, values })}
          onFaker={(faker) => setDraft({ ...draft, faker })}
        />
      </Part>
      <Part title="Preview">
        {draft.sentences.length === 0 ? (
          <div className="sb-soft">
            The first records of each sentence are shown here before anything is kept.
          </div>
        ) : preview.error ? (
          <ErrorNote error={preview.error} />
        ) : preview.data ? (
          <FillPreviewList preview={preview.data} />
        ) : (
          <Waiting rows={2} />
        )}
        <Group align="flex-end" gap="md">
          <TextInput
            label="Into the dataset"
            placeholder={`${dataset?.name ?? project}-filled`}
            w={260}
            value={draft.into}
            onChange={(event) => setDraft({ ...draft, into: event.currentTarget.value })}
          />
          <NumberInput
            label="Seed"
            w={100}
            min={0}
            max={2147483647}
            allowDecimal={false}
            value={draft.seed}
            onChange={(seed) => setDraft({ ...draft, seed: typeof seed === 'number' ? seed : 0 })}
          />
          <Button loading={fill.isPending} onClick={start}>
            {total ? `Fill: make ${counted(total, 'record')}` : 'Fill'}
          </Button>
        </Group>
        {fill.error && <ErrorNote error={fill.error} />}
        {job && (
          <JobProgress id={job} title="Filling sentences" again={() => setJob(null)}>
            {(done) => <FillResult project={project} result={done.result as unknown as Made} />}
          </JobProgress>
        )}
      </Part>
    </Stack>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="md" component="section" aria-label={title}>
      <h2 style={{ margin: 0, fontSize: 15 }}>{title}</h2>
      {children}
    </Stack>
  )
}
