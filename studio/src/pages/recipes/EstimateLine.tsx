import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { post } from '../../api/client'
import type { Estimate } from '../../api/types'
import { count, counted, money } from '../../parts/figures'
import { useProjectId } from '../../parts/where'
import type { RecipeText } from './useRecipeText'

/** What a run will take, in one line that follows the form. */
export function EstimateLine({ text }: { text: RecipeText }) {
  const project = useProjectId()
  const ready = text.checked && text.check?.ok === true
  const { data, isError } = useQuery({
    queryKey: ['recipe-estimate', project, text.yaml],
    queryFn: ({ signal }) =>
      post<Estimate>(['recipes', 'estimate'], { yaml: text.yaml, project }, { signal }),
    enabled: ready,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  if (text.check && !text.check.ok) {
    return (
      <span style={{ color: 'var(--sb-decline-ink)' }}>
        {counted(text.check.problems.length, 'thing')} to mend
      </span>
    )
  }
  if (isError) return <span>No estimate for this one.</span>
  if (!data) return <span>Reading the recipe …</span>
  const tokens = data.tokens.input + data.tokens.output
  return (
    <span title={data.assumptions.join('\n')}>
      {counted(data.records, 'record')} · about {counted(data.calls, 'call')} · {count(tokens)} tokens ·{' '}
      {data.cost === 0 ? 'costs nothing' : data.cost === null ? 'price unknown' : `about ${money(data.cost)}`}
    </span>
  )
}
