import { SimpleGrid } from '@mantine/core'
import { NumberField } from '../../parts/NumberField'
import { problemsBelow } from './RecipeForm'
import { at } from './recipeText'
import type { RecipeText } from './useRecipeText'

const PARTS = [
  { name: 'cost', title: 'Dollars', step: 1, decimal: true },
  { name: 'calls', title: 'Calls', step: 100, decimal: false },
  { name: 'tokens', title: 'Tokens', step: 10_000, decimal: false },
  { name: 'minutes', title: 'Minutes', step: 5, decimal: true },
] as const

/** The most a run may take: it stops there and can go on later. */
export function BudgetSection({ text }: { text: RecipeText }) {
  const problems = problemsBelow(text, ['budget'])
  return (
    <section aria-labelledby="budget">
      <h2 id="budget">Budget</h2>
      <p className="sb-soft" style={{ marginTop: 0 }}>
        The most a run may take. It stops there, keeps what it has, and can go on later.
      </p>
      <SimpleGrid cols={4} spacing="xs">
        {PARTS.map(({ name, title, step, decimal }) => {
          const value = at(text.document, ['budget', name])
          return (
            <NumberField
              key={name}
              label={title}
              placeholder="no limit"
              min={0}
              step={step}
              allowDecimal={decimal}
              thousandSeparator=","
              error={problems[name]}
              value={typeof value === 'number' ? value : undefined}
              onChange={(now) => {
                const budget = (at(text.document, ['budget']) ?? {}) as Record<string, number>
                const { [name]: _, ...rest } = budget
                const next = now !== undefined ? { ...rest, [name]: now } : rest
                text.set(['budget'], Object.keys(next).length ? next : undefined)
              }}
            />
          )
        })}
      </SimpleGrid>
    </section>
  )
}
