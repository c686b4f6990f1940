import { Tabs } from '@mantine/core'
import { titleOf } from '../../parts/schema/shape'
import { ChecksSection } from './ChecksSection'
import { MakingSection } from './MakingSection'
import { at } from './recipeText'
import type { RecipeText } from './useRecipeText'

/** A recipe of several steps: each takes what the one before it made. */
export function StepsSection({ text, count }: { text: RecipeText; count: number }) {
  return (
    <section aria-label="Steps">
      <Tabs defaultValue="0" keepMounted={false}>
        <Tabs.List mb="md">
          {Array.from({ length: count }, (_, step) => (
            <Tabs.Tab key={step} value={String(step)}>
              Step {step + 1}: {nameOf(text, step)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Array.from({ length: count }, (_, step) => (
          <Tabs.Panel key={step} value={String(step)}>
            <MakingSection text={text} path={['steps', step, 'generator']} />
            <ChecksSection text={text} path={['steps', step, 'checks']} title="Checks of this step" />
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  )
}

function nameOf(text: RecipeText, step: number): string {
  const name =
    at(text.document, ['steps', step, 'name']) ?? at(text.document, ['steps', step, 'generator', 'kind'])
  return titleOf(String(name ?? ''))
}
