import { Link, useLocation } from 'wouter'
import { useRuns } from '../api/runs'
import { counted } from '../parts/figures'
import { Icon } from '../parts/Icon'
import { Notes } from '../parts/Notes'
import { inProject } from '../parts/where'
import { ProjectSwitch } from './ProjectSwitch'
import { type Entry, menu } from './pages'
import { Search } from './search/Search'
import { ThemeToggle } from './ThemeToggle'
import { Who } from './Who'

/** The pages of a project, and what runs in it; `notes`: messages, too. */
export function Sidebar({ project, notes }: { project: string; notes: boolean }) {
  const running = useRuns({ project }).data?.filter((run) => run.state === 'running').length ?? 0
  return (
    <nav id="pages" className="sb-side" aria-label="Pages">
      <Link href="/projects" className="sb-brand">
        <img src="/icon.svg" alt="" width={19} height={19} />
        Seedbed
      </Link>
      <ProjectSwitch project={project} />
      <Search project={project} />
      {menu.map((group) => (
        <div key={group.title}>
          <h2>{group.title}</h2>
          <ul>
            {group.entries.map((entry) => (
              <li key={entry.name}>
                <SidebarEntry project={project} entry={entry} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      {notes && <Notes />}
      <div className="sb-foot">
        {running > 0 && (
          <Link href={inProject(project, 'runs')} className="sb-meta" aria-live="polite">
            {counted(running, 'run')} going on
          </Link>
        )}
        <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', marginTop: 6 }}>
          <Who />
          <ThemeToggle />
        </div>
      </div>
    </nav>
  )
}

function SidebarEntry({ project, entry }: { project: string; entry: Entry }) {
  const [at] = useLocation()
  const target = inProject(project, entry.name)
  const here = at === target || at.startsWith(`${target}/`)
  return (
    <Link href={target} className="sb-entry" aria-current={here ? 'page' : undefined}>
      <Icon name={entry.icon} />
      {entry.title}
    </Link>
  )
}
