import { Select, SimpleGrid, Stack, Title } from '@mantine/core'
import { useLocation } from 'wouter'
import { useGenerators } from '../../api/choices'
import { usePrompts } from '../../api/templates'
import type { GeneratorPart } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { GeneratorCard } from './GeneratorCard'

/** The gallery: what can be made. */
export default function NewRecipePage() {
  const project = useProjectId()
  const generators = useGenerators()
  const templates = usePrompts(project)
  const [, go] = useLocation()
  return (
    <Page title="New recipe" about="What is to be made? Each comes with an example that runs as it is.">
      {templates.data !== undefined && templates.data.length > 0 && (
        <Select
          label="From a template of this project"
          placeholder="Choose a template"
          maw={320}
          mb="lg"
          searchable
          data={templates.data.map((one) => one.name)}
          value={null}
          onChange={(name) =>
            name &&
            go(`${inProject(project, 'recipes', 'new', 'template')}?template=${encodeURIComponent(name)}`)
          }
        />
      )}
      <Answer query={generators} rows={8}>
        {(all) => (
          <Stack gap="lg">
            {groups(all).map(([group, parts]) => (
              <section key={group} aria-label={group}>
                <Title order={2} mb="xs">
                  {group}
                </Title>
                <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
                  {parts.map((part) => (
                    <GeneratorCard
                      key={part.kind}
                      part={part}
                      to={inProject(project, 'recipes', 'new', part.kind)}
                    />
                  ))}
                </SimpleGrid>
              </section>
            ))}
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function groups(parts: GeneratorPart[]): [string, GeneratorPart[]][] {
  const found = new Map<string, GeneratorPart[]>()
  for (const part of parts) found.set(part.group, [...(found.get(part.group) ?? []), part])
  return [...found]
}
