import { useOnline } from '../api/online'

/** A thin line while the server is silent; what was typed stays where it is. */
export function OfflineLine() {
  const online = useOnline()
  return (
    <div role="status">
      {!online && <div className="sb-offline">The server does not answer; trying again</div>}
    </div>
  )
}
