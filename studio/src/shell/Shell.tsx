import { useMediaQuery } from '@mantine/hooks'
import { Suspense, useEffect, useRef, useState } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { Problem } from '../api/problem'
import { useProject } from '../api/projects'
import { ButtonLink } from '../parts/ButtonLink'
import { Crash } from '../parts/Crash'
import { Empty } from '../parts/Empty'
import { ForEditors } from '../parts/ForEditors'
import { Notes } from '../parts/Notes'
import { Page } from '../parts/Page'
import { Waiting } from '../parts/Waiting'
import { inProject, useProjectId } from '../parts/where'
import { OfflineLine } from './OfflineLine'
import { pages } from './pages'
import { Sidebar } from './Sidebar'
import './shell.css'
import './narrow.css'
import { useLive } from './live'
import { TopBar } from './TopBar'

const NARROW = '(max-width: 860px)'

/** A project's pages beside the sidebar, or below the button that opens it. */
export function Shell() {
  const project = useProjectId()
  useLive(project)
  const [at] = useLocation()
  const unknown = isUnknown(useProject(project).error)
  const narrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false
  const [openAt, setOpenAt] = useState<string | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  // Whoever chose a page sees it.
  const open = narrow && openAt === at
  useEffect(() => {
    if (!open) return
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      setOpenAt(null)
      button.current?.focus()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [open])
  return (
    <div className="sb-shell" data-open={open || undefined}>
      <a href="#content" className="sb-skip">
        Skip to the page
      </a>
      {narrow && (
        <TopBar button={button} project={project} open={open} onOpen={(now) => setOpenAt(now ? at : null)} />
      )}
      <Sidebar project={project} notes={!narrow} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a short way; the button and Escape do the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      <div className="sb-shade" onClick={() => setOpenAt(null)} />
      <div className="sb-main">
        <OfflineLine />
        <main id="content" className="sb-content" tabIndex={-1} onFocus={() => open && setOpenAt(null)}>
          <Suspense fallback={<Opening />}>
            {unknown ? (
              <NoProject project={project} />
            ) : (
              <Switch>
                {pages.map(({ path, page: One, editors }) => (
                  <Route key={path} path={`/p/:project/${path}`}>
                    <Crash at={at}>
                      {editors ? (
                        <ForEditors project={project} {...editors}>
                          <One />
                        </ForEditors>
                      ) : (
                        <One />
                      )}
                    </Crash>
                  </Route>
                ))}
                <Route>
                  <Redirect to={inProject(project, 'recipes')} replace />
                </Route>
              </Switch>
            )}
          </Suspense>
        </main>
      </div>
      {narrow && <Notes />}
    </div>
  )
}

/** Somebody followed a link to a project that was deleted, or that is not theirs. */
function NoProject({ project }: { project: string }) {
  return (
    <Page title="No such project">
      <Empty
        sentence={`There is no project “${project}”, or nobody let you into it yet: its owners do, under Settings.`}
        action={<ButtonLink to="/projects">All projects</ButtonLink>}
      />
    </Page>
  )
}

function isUnknown(error: unknown): boolean {
  return error instanceof Problem && error.status === 404
}

function Opening() {
  return (
    <div style={{ padding: 24 }}>
      <Waiting rows={4} />
    </div>
  )
}
