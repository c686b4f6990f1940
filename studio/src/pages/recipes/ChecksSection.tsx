import { Button, Group, Menu, Stack } from '@mantine/core'
import { useChecks } from '../../api/choices'
import type { Json, Part } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { CheckCard } from './CheckCard'
import { at, type Path, type Values } from './recipeText'
import type { RecipeText } from './useRecipeText'

/** What a text must pass to be kept; what does not is turned away with a reason. */
export function ChecksSection({ text, path }: { text: RecipeText; path: Path }) {
  const parts = useChecks().data ?? []
  const given = at(text.document, path)
  const checks = (Array.isArray(given) ? given : []).map(asSettings)
  const set = (now: Json[]) => text.set(path, now.length ? now : undefined)
  const id = `checks-${path.join('-')}`
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>Checks</h2>
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
        <Group>
          <Menu position="bottom-start" width={320}>
            <Menu.Target>
              <Button size="compact-sm" variant="default" leftSection={<Icon name="plus" size={12} />}>
                Add a check
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
              {groups(parts).map(([group, of]) => (
                <div key={group}>
                  <Menu.Label>{group}</Menu.Label>
                  {of.map((part) => (
                    <Menu.Item key={part.kind} onClick={() => set([...checks, { kind: part.kind }])}>
                      {part.title}
                    </Menu.Item>
                  ))}
                </div>
              ))}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Stack>
    </section>
  )
}

/** A check may be written as its name alone. */
function asSettings(check: Json): Values {
  return check && typeof check === 'object' && !Array.isArray(check) ? check : { kind: check }
}

function groups(parts: Part[]): [string, Part[]][] {
  const found = new Map<string, Part[]>()
  for (const part of parts) found.set(part.group, [...(found.get(part.group) ?? []), part])
  return [...found]
}
