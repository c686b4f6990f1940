import { useParams, useSearchParams } from 'wouter'
import { useGenerators } from '../../api/choices'
import { useTemplate } from '../../api/templates'
import { Answer } from '../../parts/Answer'
import { Page } from '../../parts/Page'
import { RecipeEditor } from './RecipeEditor'

/** A recipe that is not saved yet: it begins as the example of what was chosen, or from a template. */
export default function StartRecipePage() {
  const { kind = '' } = useParams<{ kind: string }>()
  const [search] = useSearchParams()
  const template = search.get('template')
  const generators = useGenerators()
  const saved = useTemplate(template)
  const part = generators.data?.find((one) => one.kind === kind)
  if (!generators.data || (template && saved.isPending)) {
    return (
      <Page title="New recipe">
        <Answer query={generators}>{() => null}</Answer>
      </Page>
    )
  }
  const start = template ? fromTemplate(template, saved.data?.variables ?? []) : (part?.example ?? '')
  return (
    <RecipeEditor
      key={`${kind} ${template}`}
      recipe={null}
      start={start}
      draft={`new ${kind} ${template ?? ''}`}
    />
  )
}

/** Variables without values stand there empty, to be filled in. */
function fromTemplate(template: string, variables: string[]): string {
  const lacking = variables.map((one) => `\n    ${one}: []`).join('')
  return `name: ${template}-texts
model: embedded

generator:
  kind: template
  template: ${template}
  count: 20${lacking && `\n  values:${lacking}`}
`
}
