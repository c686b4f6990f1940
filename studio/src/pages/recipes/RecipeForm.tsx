import { TextInput } from '@mantine/core'
import { type Errors, ownOf, within } from '../../parts/schema/errors'
import { sentence } from '../../parts/sentence'
import { BudgetSection } from './BudgetSection'
import { ChecksSection } from './ChecksSection'
import { MakingSection } from './MakingSection'
import { ModelSection } from './ModelSection'
import { MoreSection } from './MoreSection'
import type { Path } from './recipeText'
import { at } from './recipeText'
import { StepsSection } from './StepsSection'
import type { RecipeText } from './useRecipeText'

/** The recipe as a form; every field stands in the YAML beside it. */
export function RecipeForm({ text, isNew }: { text: RecipeText; isNew: boolean }) {
  const steps = at(text.document, ['steps'])
  const line = text.checked ? text.check?.problems.find((one) => one.line !== null)?.line : undefined
  return (
    <div>
      {!text.readable && text.yaml.trim() && (
        <p className="rc-rests" role="status">
          The YAML cannot be read{line === undefined ? '' : `, see its line ${line}`}. The form rests until it
          can: it shows what was read last.
        </p>
      )}
      <div className="sb-recipe-form" inert={!text.readable && text.yaml.trim() !== ''}>
        {isNew && (
          <section aria-label="Name">
            <TextInput
              label="Name"
              description="Letters, digits, points, lines: the dataset is called so too."
              withAsterisk
              error={problemAt(text, ['name'])}
              value={String(text.document.name ?? '')}
              onChange={(event) => text.set(['name'], event.currentTarget.value)}
            />
          </section>
        )}
        {Array.isArray(steps) ? (
          <StepsSection text={text} count={steps.length} />
        ) : (
          <MakingSection text={text} path={['generator']} />
        )}
        <ModelSection text={text} />
        <ChecksSection text={text} path={['checks']} />
        <BudgetSection text={text} />
        <MoreSection text={text} />
      </div>
    </div>
  )
}

/** What the server says is wrong at a path: "generator.labels" or below it. */
export function problemAt(text: RecipeText, path: Path): string | undefined {
  return ownOf(problemsBelow(text, path))
}

/** All that is wrong at a path and below it, by the way from there. */
export function problemsBelow(text: RecipeText, path: Path): Errors {
  const found: Errors = {}
  for (const one of text.check?.problems ?? []) {
    if (one.field === null) continue
    const place = one.field.replaceAll(/\[(\d+)\]/g, '.$1') // the server writes steps[1], a path here steps.1
    found[place] ??= [sentence(one.message), one.hint].filter(Boolean).join(' ')
  }
  return path.length ? within(found, path.join('.')) : found
}
