import { Link } from '../../../parts/Link'
import type { Numbers } from '../blocks'

/** Some figures with what they are. */
export function NumbersOf({ block }: { block: Numbers }) {
  return (
    <dl style={{ display: 'flex', flexWrap: 'wrap', gap: '12px 36px', margin: 0 }}>
      {block.items.map((item) => (
        <div key={item.name} style={{ display: 'flex', flexDirection: 'column-reverse' }}>
          <dt className="sb-meta">{item.name}</dt>
          <dd style={{ margin: 0, fontSize: 19, fontWeight: 600 }}>
            {item.to ? <Link to={item.to}>{item.value}</Link> : item.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
