import { Button, Group, Input, Stack } from '@mantine/core'
import type { Json } from '../../api/types'
import { apportion, count } from '../../parts/figures'
import { Icon } from '../../parts/Icon'
import { othersThan } from '../../parts/NameInput'
import { useFocusNew } from '../../parts/useFocusNew'
import { LabelRow } from './LabelRow'
import { problemAt } from './RecipeForm'
import { at, type Path, type Values } from './recipeText'
import type { RecipeText } from './useRecipeText'

interface Props {
  text: RecipeText
  path: Path
  /** Below `path`: where a label's weight is kept. */
  weights: Path
}

/** Labels with what they mean and a weight each; the whole counts that come of it are shown at once. */
export function LabelGrid({ text, path, weights }: Props) {
  const labels = rowsOf(at(text.document, [...path, 'labels']))
  const given = (at(text.document, [...path, ...weights]) ?? {}) as Values
  const wanted = Number(at(text.document, [...path, 'count']) ?? 0)
  const names = labels.map(([name]) => name)
  const [list, grows] = useFocusNew(labels.length)
  const ratios = names.map((name) => (typeof given[name] === 'number' ? given[name] : 1))
  const counts = apportion(wanted, ratios)
  const ofRecords = weights[0] === 'ratios'

  const setWeights = (now: Values) =>
    text.set([...path, ...weights], Object.keys(now).length ? now : undefined)
  const setLabels = (rows: [string, string][]) => text.set([...path, 'labels'], Object.fromEntries(rows))
  const change = (name: string, now: string | null) =>
    text.set(path, changed((at(text.document, path) ?? {}) as Values, weights, name, now))
  const setRatio = (name: string, ratio: number) => {
    const { [name]: _, ...rest } = given
    setWeights(ratio === 1 ? rest : { ...rest, [name]: ratio })
  }
  return (
    <Input.Wrapper
      label="Labels"
      labelElement="div"
      withAsterisk
      description={
        ofRecords
          ? `Each with what it means: the model reads it. The weights share out the ${count(wanted)} records.`
          : 'Each with what it means: the model reads it. The weights share out the mentions.'
      }
      error={problemAt(text, [...path, 'labels'])}
    >
      <Stack gap={0} mt={6} className="sb-panel" ref={list}>
        {labels.map(([name, about], place) => (
          <LabelRow
            key={place}
            place={place}
            name={name}
            others={othersThan(names, place)}
            about={about}
            ratio={ratios[place] ?? 1}
            count={ofRecords ? (counts[place] ?? 0) : null}
            onName={(now) => change(name, now)}
            onAbout={(now) => setLabels(labels.map((row, at) => (at === place ? [name, now] : row)))}
            onRatio={(now) => setRatio(name, now)}
            onRemove={() => change(name, null)}
          />
        ))}
      </Stack>
      <Group mt={8}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => {
            grows()
            setLabels([...labels, [freshName(names), '']])
          }}
        >
          Add a label
        </Button>
      </Group>
    </Input.Wrapper>
  )
}

/** The settings with one label called otherwise wherever they name it, or gone: its weight and its examples go along. */
function changed(settings: Values, weights: Path, old: string, now: string | null): Values {
  const keyed = (all: Json | undefined): Values =>
    Object.fromEntries(
      Object.entries((all ?? {}) as Values)
        .filter(([name]) => now !== null || name !== old)
        .map(([name, one]) => [name === old ? (now ?? '') : name, one]),
    )
  const found: Values = { ...settings, labels: keyed(Object.fromEntries(rowsOf(settings.labels))) }
  const [axes = '', axis] = weights.map(String)
  const given = settings[axes]
  if (given !== undefined)
    found[axes] =
      axis === undefined ? keyed(given) : { ...(given as Values), [axis]: keyed(at(given, [axis])) }
  if (now !== null && Array.isArray(settings.examples))
    found.examples = settings.examples.map((one) =>
      one && typeof one === 'object' && !Array.isArray(one) && one.label === old
        ? { ...one, label: now }
        : one,
    )
  return found
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
