import { Box } from '@mantine/core'
import { Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { useSession } from './api/session'
import { Crash } from './parts/Crash'
import { ErrorNote } from './parts/ErrorNote'
import { later } from './parts/later'
import { Waiting } from './parts/Waiting'
import { LoginPage } from './shell/LoginPage'
import { OfflineLine } from './shell/OfflineLine'
import { Shell } from './shell/Shell'

export const ProjectsPage = later(() => import('./pages/projects/ProjectsPage'))

/** Who is asking decides: the login page, the projects, or a project's pages. */
export function App() {
  const session = useSession()
  if (session.error && !session.data)
    return <Unreachable error={session.error} again={() => void session.refetch()} />
  if (!session.data) return <Opening />
  if (session.data.login && !session.data.user) return <LoginPage />
  return (
    <Switch>
      <Route path="/p/:project/*?">
        <Shell key={session.data.user?.name} />
      </Route>
      <Route path="/projects">
        <Crash at="/projects">
          <Suspense fallback={<Opening />}>
            <ProjectsPage />
          </Suspense>
        </Crash>
      </Route>
      <Route>
        <Redirect to="/projects" replace />
      </Route>
    </Switch>
  )
}

function Opening() {
  return (
    <Box p={32} maw={700}>
      <Waiting rows={4} />
    </Box>
  )
}

function Unreachable({ error, again }: { error: unknown; again: () => void }) {
  return (
    <main>
      <OfflineLine />
      <Box p={32} maw={560}>
        <h1 style={{ fontSize: 19 }}>Seedbed</h1>
        <ErrorNote error={error} again={again} />
      </Box>
    </main>
  )
}
