import { useModels } from '../../api/choices'
import { useSettings, useVersion } from '../../api/people'
import { useOwner } from '../../api/session'
import { Answer } from '../../parts/Answer'
import { size } from '../../parts/figures'
import { useProjectId } from '../../parts/where'

/** Which Seedbed this is; its owners see where it keeps things. */
export function AboutTab() {
  const version = useVersion()
  const settings = useSettings(useOwner())
  const models = useModels(useProjectId())
  const local = models.data?.filter((model) => model.local) ?? []
  return (
    <Answer query={version}>
      {(one) => (
        <dl style={{ display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '8px 24px', margin: 0 }}>
          <dt className="sb-soft">Version</dt>
          <dd style={{ margin: 0 }}>{one.version}</dd>
          {settings.data && (
            <>
              <dt className="sb-soft">Workspace</dt>
              <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{settings.data.workspace}</dd>
              <dt className="sb-soft">Models folder</dt>
              <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{settings.data.models_folder}</dd>
            </>
          )}
          {local.map((model) => (
            <div key={model.model} style={{ display: 'contents' }}>
              <dt className="sb-soft">{model.model}</dt>
              <dd style={{ margin: 0 }}>
                {model.title}: {model.ready ? 'ready' : 'fetched when it is first used'}
                {model.size !== null && ` (${size(model.size)})`}
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
