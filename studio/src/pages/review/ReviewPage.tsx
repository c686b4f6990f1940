import { useParams, useSearch } from 'wouter'
import { ChooseDataset } from './ChooseDataset'
import { Reviewing } from './Reviewing'
import { SpotCheckMode } from './spot/SpotCheckMode'

/** Review: choose a dataset, go through it by keys, or judge a sample of it. */
export default function ReviewPage() {
  const { dataset } = useParams<{ dataset?: string }>()
  const mode = new URLSearchParams(useSearch()).get('mode')
  const name = dataset ? decodeURIComponent(dataset) : ''
  if (!name) return <ChooseDataset />
  if (mode === 'spot-check') return <SpotCheckMode key={name} dataset={name} />
  return <Reviewing key={name} dataset={name} />
}
