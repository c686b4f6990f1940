import { Link } from 'wouter'
import type { GeneratorPart } from '../../api/types'
import './recipes.css'

/** One thing that can be made. */
export function GeneratorCard({ part, to }: { part: GeneratorPart; to: string }) {
  return (
    <Link href={to} className="sb-choice">
      <strong>{part.title}</strong>
      <span>{part.summary}</span>
      {part.needs === 'stronger' && <em>Needs a stronger model than the embedded one.</em>}
    </Link>
  )
}
