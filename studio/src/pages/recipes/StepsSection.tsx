import { Stack, Tabs } from '@mantine/core'
import { useParams } from 'wouter'
import { useGenerators } from '../../api/choices'
import { titleOf } from '../../parts/schema/shape'
import { ChecksSection } from './ChecksSection'
import { MakingSection } from './MakingSection'
import { problemsBelow } from './RecipeForm'
import { at, type Path } from './recipeText'
import type { RecipeText } from './useRecipeText'

/** A recipe of several steps: each takes what the one before it made. That of the chosen generator is open. */
export function StepsSection({ text, count }: { text: RecipeText; count: number }) {
  const { kind: chosen } = useParams<{ kind?: string }>()
  const generators = useGenerators().data ?? []
  const steps = Array.from({ length: count }, (_, step) => step)
  const kindOf = (step: number) => String(at(text.document, [...making(text, step), 'kind']) ?? '')
  const open = steps.find((step) => kindOf(step) === chosen) ?? 0
  const nameOf = (step: number) => {
    const name = at(text.document, ['steps', step, 'name'])
    const kind = kindOf(step)
    return name
      ? titleOf(String(name))
      : (generators.find((one) => one.kind === kind)?.title ?? titleOf(kind))
  }
  const wrongIn = (step: number) => Object.keys(problemsBelow(text, ['steps', step])).length
  return (
    <section aria-label="Steps">
      <Tabs defaultValue={String(open)} keepMounted={false}>
        <Tabs.List mb="md">
          {steps.map((step) => (
            <Tabs.Tab key={step} value={String(step)} data-wrong={wrongIn(step) > 0 || undefined}>
              Step {step + 1}: {nameOf(step)}
              {wrongIn(step) > 0 && <span className="rc-wrong"> · {wrongIn(step)} to mend</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {steps.map((step) => (
          <Tabs.Panel key={step} value={String(step)}>
            <Stack gap="lg">
              <MakingSection text={text} path={making(text, step)} />
              <ChecksSection text={text} path={['steps', step, 'checks']} title="Checks of this step" />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  )
}

/** A step makes records, or adds columns to those of the step before. */
function making(text: RecipeText, step: number): Path {
  const adds = at(text.document, ['steps', step, 'add']) !== undefined
  return ['steps', step, adds ? 'add' : 'generator']
}
