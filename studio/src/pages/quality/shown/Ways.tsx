import { Button, Drawer, Group } from '@mantine/core'
import { useState } from 'react'
import type { Doing, Finding } from '../../../api/reports'
import { useRuns } from '../../../api/runs'
import { useRole } from '../../../api/session'
import type { DatasetDetail } from '../../../api/types'
import { ButtonLink } from '../../../parts/ButtonLink'
import { inProject } from '../../../parts/where'
import { DedupForm } from '../../datasets/DedupForm'
import { Refill } from '../../review/Refill'
import type { Door } from '../blocks'
import { Suspects } from '../Suspects'

/** What the buttons of findings need to know. */
export interface Ground {
  project: string
  dataset: DatasetDetail
  door: Door
  /** How many labels the report takes for wrong. */
  suspected: number
  /** Shows the records behind a figure of a section. */
  onFigure: (section: string, name: string, key: string) => void
  onReport: () => void
}

const SMALL = { size: 'compact-sm', variant: 'default' } as const

/** A button for each thing that can be done about a finding. */
export function Ways({
  finding,
  actions,
  ...ground
}: Ground & { finding: Finding; actions: readonly Doing[] }) {
  if (!actions.length) return null
  return (
    <Group gap={6} mt={6}>
      {actions.map((one, place) => (
        <Way key={place} one={one} finding={finding} {...ground} />
      ))}
    </Group>
  )
}

type Props = Ground & { one: Doing; finding: Finding }

function Way(props: Props) {
  const { one, finding, project, dataset, door, onFigure, onReport } = props
  const edits = useRole(project) !== 'reviewer'
  const { where } = one
  switch (one.do) {
    case 'records':
      return (
        <ButtonLink {...SMALL} to={door(where)}>
          {wordsOf(where)}
        </ButtonLink>
      )
    case 'figure':
      return (
        <Button {...SMALL} onClick={() => onFigure(finding.section, finding.words, where.key ?? '')}>
          See these records
        </Button>
      )
    case 'section':
      return (
        <Button {...SMALL} component="a" href={`#${finding.section}`}>
          See them below
        </Button>
      )
    case 'spot_check':
      return (
        <ButtonLink {...SMALL} to={`${inProject(project, 'review', dataset.name)}?mode=spot-check`}>
          Judge a sample
        </ButtonLink>
      )
    case 'suspects':
      return edits ? <Suspects project={project} dataset={dataset.name} suspected={props.suspected} /> : null
    case 'dedup':
      return edits ? <Dedup project={project} dataset={where.dataset || dataset.name} where={where} /> : null
    case 'report':
      return edits ? (
        <Button {...SMALL} onClick={onReport}>
          Make another report
        </Button>
      ) : null
    case 'augment':
      return edits ? (
        <ButtonLink
          {...SMALL}
          to={`${inProject(project, 'augment')}?${new URLSearchParams({ dataset: dataset.name })}`}
        >
          Augment
        </ButtonLink>
      ) : null
    case 'import':
      return edits ? (
        <ButtonLink {...SMALL} to={inProject(project, 'datasets')}>
          Import a file
        </ButtonLink>
      ) : null
    default:
      return <OfRun what={one.do} project={project} dataset={dataset} />
  }
}

function wordsOf(where: Record<string, string>): string {
  if (where.duplicates) return 'See them in Review'
  const [value] = Object.values(where)
  return value ? `See those of ${value}` : 'See them in Review'
}

/** Duplicates are removed without leaving the page. */
function Dedup({ project, dataset, where }: { project: string; dataset: string; where: Doing['where'] }) {
  const [open, setOpen] = useState(false)
  const against = 'against' in where
  return (
    <>
      <Button {...SMALL} onClick={() => setOpen(true)}>
        {against ? 'Leave them out' : 'Keep one of each'}
      </Button>
      <Drawer
        opened={open}
        onClose={() => setOpen(false)}
        title={`${dataset} without ${against ? 'what is there already' : 'duplicates'}`}
        size={620}
      >
        <DedupForm project={project} dataset={dataset} against={where.against} />
      </Drawer>
    </>
  )
}

/** What can be done where a recipe made the records: go on with the run, make again what was declined, change it. */
function OfRun({ what, project, dataset }: { what: string; project: string; dataset: DatasetDetail }) {
  const runs = useRuns({ project, dataset: dataset.name })
  const edits = useRole(project) !== 'reviewer'
  const made = runs.data?.find((run) => !OTHERWISE.includes(run.kind))
  if (!made) return null
  if (what === 'run') {
    return (
      <>
        <ButtonLink {...SMALL} to={inProject(project, 'runs', made.run)}>
          Open the run
        </ButtonLink>
        <Refill project={project} dataset={dataset.name} declined={dataset.declined} />
      </>
    )
  }
  return edits && what === 'recipe' ? (
    <ButtonLink {...SMALL} to={inProject(project, 'recipes', made.name)}>
      Change the recipe
    </ButtonLink>
  ) : null
}

/** Kinds of runs that no recipe made. */
const OTHERWISE = ['import', 'augment', 'fill', 'split', 'dedup', 'fix']
