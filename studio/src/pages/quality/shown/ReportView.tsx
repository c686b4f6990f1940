import { Stack } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import type { Report } from '../../../api/reports'
import { inProject } from '../../../parts/where'
import type { Bar, Door } from '../blocks'
import { type Section, sectionsOf } from '../sections'
import { Behind } from './Behind'
import { BlockOf } from './BlockOf'
import { Findings } from './Findings'

interface Props {
  project: string
  report: Report
  run: string | null
  /** What else stands in a section, such as a button, by its name. */
  extra: Record<string, ReactNode>
}

/** A report: what it means on top, then its sections. */
export function ReportView({ project, report, run, extra }: Props) {
  const door = useMemo<Door>(
    () => (where) => `${inProject(project, 'review', report.dataset)}?${new URLSearchParams(where)}`,
    [project, report.dataset],
  )
  const runs = run ? inProject(project, 'runs', run) : inProject(project, 'runs')
  const sections = useMemo(() => sectionsOf(report.figures, door, runs), [report.figures, door, runs])
  return (
    <Stack gap={32}>
      <Findings
        findings={report.findings}
        datasets={inProject(project, 'datasets', report.dataset)}
        duplicates={door({ duplicates: 'true' })}
      />
      {sections.map((section) => (
        <Shown
          key={section.name}
          report={report.id}
          section={section}
          door={door}
          extra={extra[section.name]}
        />
      ))}
    </Stack>
  )
}

interface ShownProps {
  report: string
  section: Section
  door: Door
  extra: ReactNode
}

function Shown({ report, section, door, extra }: ShownProps) {
  const [behind, setBehind] = useState<Bar | null>(null)
  return (
    <Stack component="section" gap="lg" id={section.name} aria-label={section.title}>
      <h2 style={{ margin: 0, fontSize: 15 }}>{section.title}</h2>
      {extra}
      {section.blocks.map((block, place) => (
        <BlockOf key={place} block={block} onBehind={setBehind} />
      ))}
      <Behind
        report={report}
        section={section.name}
        figure={behind?.key ? { name: behind.name, key: behind.key } : null}
        door={door}
        onClose={() => setBehind(null)}
      />
    </Stack>
  )
}
