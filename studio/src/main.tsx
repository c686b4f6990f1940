import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.css'
import './theme/tokens.css'
import './theme/base.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App, ProjectsPage } from './App'
import { queries } from './api/queries'
import { session } from './api/session'
import { keepEarlyKeys } from './parts/early'
import { pageAt } from './shell/pages'
import { theme, variables } from './theme/theme'

keepEarlyKeys()
// Who asks, and the first page's code, are on their way while the first picture is drawn.
void queries.prefetchQuery(session)
;(pageAt(location.pathname) ?? ProjectsPage).ahead()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
