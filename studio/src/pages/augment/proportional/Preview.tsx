import { useDebouncedValue } from '@mantine/hooks'
import { type Shown, type Some, useAugmentPreview } from '../../../api/augment'
import { Offline, sayProblem } from '../../../api/problem'
import type { TransformPart } from '../../../api/types'
import { ChangedText } from '../ChangedText'
import { changesOf } from '../changes'
import { type Entry, stepsOf, transformOf } from './plan'

interface Props {
  dataset: string
  some: Some | null
  one: Entry
  part: TransformPart
  seed: number
  /** How many records are shown. */
  n: number
  seen: boolean
}

/** Before and after: on records of the dataset, or the transform's own example while there are none. */
export function Preview({ dataset, some, one, part, seed, n, seen }: Props) {
  const [asked] = useDebouncedValue(JSON.stringify(transformOf(one)), 300)
  const transform = JSON.parse(asked) as ReturnType<typeof transformOf>
  const query = useAugmentPreview(dataset, some, transform, n, seed, seen && stepsOf(one).length > 0)
  if (!stepsOf(one).length) return <p className="sb-meta">Add the first transform of the chain.</p>
  if (query.error instanceof Offline) {
    return <Example before={part.example?.before ?? ''} after={part.example?.after ?? ''} />
  }
  if (query.error) {
    const { detail, hint } = sayProblem(query.error)
    return (
      <p role="alert" style={{ margin: 0, color: 'var(--sb-decline-ink)', overflowWrap: 'anywhere' }}>
        {detail} {hint}
      </p>
    )
  }
  const items = query.data
  if (!items) return <Example before={part.example?.before ?? ''} after={part.example?.after ?? ''} />
  if (!items.some((item) => item.after)) {
    return (
      <>
        <p className="sb-meta" style={{ margin: 0 }}>
          {items[0]?.why || 'It can change nothing in the first records.'} For example:
        </p>
        <Example before={part.example?.before ?? ''} after={part.example?.after ?? ''} />
      </>
    )
  }
  return items.filter((item) => item.after).map((item, place) => <Pair key={place} item={item} />)
}

function Pair({ item }: { item: Shown }) {
  if (!item.after) return null
  const changes = changesOf(item.before.text, item.after.text)
  return (
    <dl className="sb-example" data-live>
      <dt>before</dt>
      <dd className="sb-soft">
        <ChangedText text={item.before.text} spans={item.before.spans} changes={changes.before} as="del" />
      </dd>
      <dt>after</dt>
      <dd>
        <ChangedText text={item.after.text} spans={item.after.spans} changes={changes.after} as="ins" />
      </dd>
    </dl>
  )
}

function Example({ before, after }: { before: string; after: string }) {
  if (!before) return null
  const changes = changesOf(before, after)
  return (
    <dl className="sb-example sb-soft">
      <dt>before</dt>
      <dd>
        <ChangedText text={before} spans={[]} changes={changes.before} as="del" />
      </dd>
      <dt>after</dt>
      <dd>
        <ChangedText text={after} spans={[]} changes={changes.after} as="ins" />
      </dd>
    </dl>
  )
}
