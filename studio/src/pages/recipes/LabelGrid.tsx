import { Button, Group, Input, Stack } from '@mantine/core'
import type { Json } from '../../api/types'
import { counted } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { othersThan } from '../../parts/NameInput'
import { ofRows, ownOf, within } from '../../parts/schema/errors'
import { useFocusNew } from '../../parts/useFocusNew'
import { LabelRow } from './LabelRow'
import { problemsBelow } from './RecipeForm'
import { at, type Path, type Values } from './recipeText'
import { isJoined, JOINED, labelCounts, wantedAt, weightsOf } from './shares'
import type { RecipeText } from './useRecipeText'

interface Props {
  text: RecipeText
  path: Path
  /** Below `path`: where a label's weight is kept. */
  weights: Path
  /** Without them there is nothing to make. */
  required: boolean
}

/** Labels with what they mean and a weight each; the whole counts that come of it are shown at once. */
export function LabelGrid({ text, path, weights, required }: Props) {
  const settings = (at(text.document, path) ?? {}) as Values
  const labels = rowsOf(settings.labels)
  const names = labels.map(([name]) => name)
  const [list, grows] = useFocusNew(labels.length)
  const ratios = sharesOut(settings) ? weightsOf(settings, names, weights) : null
  const errors = problemsBelow(text, [...path, 'labels'])
  const wrong = ofRows(errors, names)
  const wanted = wantedAt(text.document, path)
  const counts = wanted === null ? null : labelCounts(settings, names, weights, wanted)
  const what = weights[0] === 'mentions' ? 'mention' : 'record'

  const setLabels = (rows: [string, string][]) => text.set([...path, 'labels'], Object.fromEntries(rows))
  const change = (name: string, now: string | null) => text.set(path, changed(settings, weights, name, now))
  const setRatio = (place: number, ratio: number) => {
    const rows = names.map((name, at) => [name, at === place ? ratio : (ratios?.[at] ?? 1)] as const)
    const even = rows.every(([, one]) => one === 1)
    const other = what === 'mention' ? rows : rows.filter(([, one]) => one !== 1)
    text.set([...path, ...weights], even ? undefined : Object.fromEntries(other))
  }
  const add = () => {
    grows()
    const name = freshName(names)
    const given = settings.mentions as Values | undefined
    const grown: Values = { ...settings, labels: Object.fromEntries([...labels, [name, '']]) }
    if (given && ratios) grown.mentions = { ...given, [name]: 1 }
    text.set(path, grown)
  }
  return (
    <Input.Wrapper
      label="Labels"
      labelElement="div"
      withAsterisk={required}
      description={`Each with what it means: the model reads it.${
        ratios ? ` The weights share out the ${counts ? counted(sum(counts), what) : `${what}s`}.` : ''
      }`}
      error={wrong.own}
    >
      <Stack gap={0} mt={6} className="sb-panel" ref={list}>
        {labels.map(([name, about], place) => (
          <LabelRow
            key={place}
            place={place}
            name={name}
            others={othersThan(names, place)}
            about={about}
            error={name ? ownOf(within(errors, name)) : wrong.nameless}
            ratio={ratios && (ratios[place] ?? 1)}
            comesTo={counts ? counted(counts[place] ?? 0, what) : null}
            onName={(now) => change(name, now)}
            onAbout={(now) => setLabels(labels.map((row, at) => (at === place ? [name, now] : row)))}
            onRatio={(now) => setRatio(place, now)}
            onRemove={() => change(name, null)}
          />
        ))}
      </Stack>
      <Group mt={8}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          onClick={add}
        >
          Add a label
        </Button>
      </Group>
    </Input.Wrapper>
  )
}

/** Whether weights of single labels say how many there are of each: not where labels are found in texts that are there. */
function sharesOut(settings: Values): boolean {
  return settings.kind !== 'annotate' && !isJoined(settings)
}

/** The settings with one label called otherwise wherever they name it, or gone: its weight and its examples go along. */
function changed(settings: Values, weights: Path, old: string, now: string | null): Values {
  const called = (name: string) => (name === old ? (now ?? '') : name)
  const keyed = (all: Json | undefined): Values =>
    Object.fromEntries(
      Object.entries((all ?? {}) as Values)
        .filter(([name]) => now !== null || !name.split(JOINED).includes(old))
        .map(([name, one]) => [name.split(JOINED).map(called).join(JOINED), one]),
    )
  const found: Values = { ...settings, labels: keyed(Object.fromEntries(rowsOf(settings.labels))) }
  if (settings.kind === 'entities' && settings.values !== undefined) found.values = keyed(settings.values)
  const [axes = '', axis] = weights.map(String)
  const given = settings[axes]
  if (given !== undefined)
    found[axes] =
      axis === undefined ? keyed(given) : { ...(given as Values), [axis]: keyed(at(given, [axis])) }
  if (now !== null && Array.isArray(settings.examples))
    found.examples = settings.examples.map((one) => relabelled(one, old, now))
  return found
}

/** An example with its label, and those of its marked words, called otherwise. */
function relabelled(example: Json, old: string, now: string): Json {
  if (!example || typeof example !== 'object' || Array.isArray(example)) return example
  const found: Values = example.label === old ? { ...example, label: now } : { ...example }
  if (Array.isArray(example.entities))
    found.entities = example.entities.map((one) => relabelled(one, old, now))
  return found
}

function sum(counts: number[]): number {
  return counts.reduce((all, one) => all + one, 0)
}

function rowsOf(labels: Json | undefined): [string, string][] {
  if (Array.isArray(labels)) return labels.map((name) => [String(name), ''])
  if (!labels || typeof labels !== 'object') return []
  return Object.entries(labels).map(([name, about]) => [name, typeof about === 'string' ? about : ''])
}

function freshName(names: string[]): string {
  for (let number = names.length + 1; ; number++) {
    if (!names.includes(`label ${number}`)) return `label ${number}`
  }
}
