import { Select, Stack } from '@mantine/core'
import { useChecks } from '../../api/choices'
import type { Json, Part } from '../../api/types'
import { CheckCard } from './CheckCard'
import { at, type Path, type Values } from './recipeText'
import type { RecipeText } from './useRecipeText'

/** What a text must pass to be kept; what does not is turned away with a reason. */
export function ChecksSection({
  text,
  path,
  title = 'Checks',
}: {
  text: RecipeText
  path: Path
  title?: string
}) {
  const parts = useChecks().data ?? []
  const given = at(text.document, path)
  const checks = (Array.isArray(given) ? given : []).map(asSettings)
  const set = (now: Json[]) => text.set(path, now.length ? now : undefined)
  const id = `checks-${path.join('-')}`
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Stack gap="sm">
        {!checks.length && (
          <div className="sb-soft">Without any, every distinct text of the right form is kept.</div>
        )}
        {checks.map((check, place) => (
          <CheckCard
            key={place}
            check={check}
            part={parts.find((one) => one.kind === check.kind)}
            text={text}
            path={[...path, place]}
            onRemove={() => set(checks.filter((_, at) => at !== place))}
          />
        ))}
        <Select
          aria-label="Add a check"
          placeholder="Add a check …"
          maw={320}
          searchable
          data={groups(parts)}
          value={null}
          onChange={(kind) => kind && set([...checks, { kind }])}
        />
      </Stack>
    </section>
  )
}

/** A check may be written as its name alone. */
function asSettings(check: Json): Values {
  return check && typeof check === 'object' && !Array.isArray(check) ? check : { kind: check }
}

function groups(parts: Part[]): { group: string; items: { value: string; label: string }[] }[] {
  const found = new Map<string, { value: string; label: string }[]>()
  for (const { group, kind, title } of parts) {
    found.set(group, [...(found.get(group) ?? []), { value: kind, label: title }])
  }
  return [...found].map(([group, items]) => ({ group, items }))
}
