import type { FillPreview } from '../../../api/fills'
import { MarkedText } from '../../../parts/MarkedText'

/** The first records that would be made, slots filled and coloured. */
export function FillPreviewList({ preview }: { preview: FillPreview }) {
  if (!preview.items.length) return <div className="sb-soft">Nothing can be filled in yet.</div>
  return (
    <ol aria-label="First records" style={{ margin: 0, paddingLeft: 22 }}>
      {preview.items.map((item, place) => (
        <li
          key={place}
          style={{ padding: '3px 0', fontSize: 14.5, lineHeight: 1.6, overflowWrap: 'anywhere' }}
        >
          <MarkedText text={item.text} spans={item.spans} />
        </li>
      ))}
    </ol>
  )
}
