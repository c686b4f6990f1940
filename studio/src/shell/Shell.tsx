import { Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Crash } from '../parts/Crash'
import { Waiting } from '../parts/Waiting'
import { inProject, useProjectId } from '../parts/where'
import { OfflineLine } from './OfflineLine'
import { pages } from './pages'
import { Sidebar } from './Sidebar'
import './shell.css'
import { useLive } from './live'

/** A project's pages beside the sidebar. */
export function Shell() {
  const project = useProjectId()
  useLive(project)
  return (
    <div className="sb-shell">
      <a href="#content" className="sb-skip">
        Skip to the page
      </a>
      <Sidebar project={project} />
      <div className="sb-main">
        <OfflineLine />
        <main id="content" className="sb-content" tabIndex={-1}>
          <Suspense fallback={<Opening />}>
            <Switch>
              {pages.map(({ path, page: One }) => (
                <Route key={path} path={`/p/:project/${path}`}>
                  <Crash>
                    <One />
                  </Crash>
                </Route>
              ))}
              <Route>
                <Redirect to={inProject(project, 'recipes')} replace />
              </Route>
            </Switch>
          </Suspense>
        </main>
      </div>
    </div>
  )
}

function Opening() {
  return (
    <div style={{ padding: 24 }}>
      <Waiting rows={4} />
    </div>
  )
}
