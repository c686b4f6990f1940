import { Stack } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import type { Report } from '../../../api/reports'
import type { DatasetDetail } from '../../../api/types'
import { inProject } from '../../../parts/where'
import type { Bar, Door } from '../blocks'
import { dict, num } from '../read'
import { Suspects } from '../Suspects'
import { type Section, sectionsOf } from '../sections'
import { Behind } from './Behind'
import { BlockOf } from './BlockOf'
import { Findings, flags } from './Findings'

interface Props {
  project: string
  dataset: DatasetDetail
  report: Report
  /** Asks for another report. */
  onReport: () => void
}

/** A report: what it means on top, then its sections. */
export function ReportView({ project, dataset, report, onReport }: Props) {
  const [behind, setBehind] = useState<{ section: string; name: string; key: string } | null>(null)
  const suspected = num(dict(report.figures.labels).suspected)
  const [run] = dataset.runs
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
        project={project}
        dataset={dataset}
        door={door}
        suspected={suspected}
        sections={sections.map((one) => one.name)}
        onFigure={(section, name, key) => setBehind({ section, name, key })}
        onReport={onReport}
      />
      <Behind
        report={report.id}
        section={behind?.section ?? ''}
        figure={behind}
        door={door}
        onClose={() => setBehind(null)}
      />
      {sections.map((section) => (
        <Shown
          key={section.name}
          report={report.id}
          section={section}
          door={door}
          extra={
            section.name === 'labels' &&
            suspected > 0 &&
            !report.findings.some(flags) && (
              <Suspects project={project} dataset={report.dataset} suspected={suspected} />
            )
          }
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
