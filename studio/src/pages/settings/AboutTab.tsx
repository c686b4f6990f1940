import { useModels } from '../../api/choices'
import { useSettings } from '../../api/people'
import { Answer } from '../../parts/Answer'
import { size } from '../../parts/figures'
import { useProjectId } from '../../parts/where'

/** Which Seedbed this is, and where it keeps things. */
export function AboutTab() {
  const settings = useSettings()
  const models = useModels(useProjectId())
  const local = models.data?.filter((one) => one.local) ?? []
  return (
    <Answer query={settings}>
      {(data) => (
        <dl style={{ display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '8px 24px', margin: 0 }}>
          <dt className="sb-soft">Version</dt>
          <dd style={{ margin: 0 }}>{data.version}</dd>
          <dt className="sb-soft">Workspace</dt>
          <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{data.workspace}</dd>
          <dt className="sb-soft">Models folder</dt>
          <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{data.models_folder}</dd>
          {local.map((one) => (
            <div key={one.model} style={{ display: 'contents' }}>
              <dt className="sb-soft">{one.model}</dt>
              <dd style={{ margin: 0 }}>
                {one.title}: {one.ready ? 'ready' : 'fetched when it is first used'}
                {one.size !== null && ` (${size(one.size)})`}
              </dd>
            </div>
          ))}
          <dt className="sb-soft">API</dt>
          <dd style={{ margin: 0 }}>
            <a href="/api/v1/docs">How programs use it</a>
          </dd>
        </dl>
      )}
    </Answer>
  )
}
