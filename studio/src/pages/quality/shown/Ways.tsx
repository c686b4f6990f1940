import { Button, Drawer, Group } from '@mantine/core'
import { useState } from 'react'
import { useRecipes } from '../../../api/recipes'
import type { Doing, Finding } from '../../../api/reports'
import { useRuns } from '../../../api/runs'
import { useRole } from '../../../api/session'
import type { DatasetDetail, Run } from '../../../api/types'
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
  /** The sections that the report has. */
  sections: readonly string[]
  /** Shows the records behind a figure of a section. */
  onFigure: (section: string, name: string, key: string) => void
  onReport: () => void
}

const SMALL = { size: 'compact-sm', variant: 'default' } as const

/** Whether a finding has a button to its section: where nothing is to be done, the link beside it is enough. */
export function leadsBelow({ section, todo, actions = [] }: Finding, sections: readonly string[]): boolean {
  return Boolean(todo) && actions.some((one) => one.do === 'section') && sections.includes(section)
}

/** A button for each thing that this person can do about a finding, and that can be done with these records. */
export function Ways({
  finding,
  actions,
  ...ground
}: Ground & { finding: Finding; actions: readonly Doing[] }) {
  const may = useMay(finding, ground)
  const shown = actions.filter(may)
  if (!shown.length) return null
  return (
    <Group gap={6} mt={6}>
      {shown.map((one, place) => (
        <Way key={place} one={one} finding={finding} {...ground} />
      ))}
    </Group>
  )
}

const EDITS = ['suspects', 'dedup', 'report', 'augment', 'import', 'recipe']

/** Whether something can be done here: by this person, and to records that were made so. */
function useMay(finding: Finding, { project, dataset, sections }: Ground): (one: Doing) => boolean {
  const edits = useRole(project) !== 'reviewer'
  const made = useMade(project, dataset.name)
  const recipes = useRecipes(project)
  return (one) => {
    if (one.do === 'section') return leadsBelow(finding, sections)
    if (EDITS.includes(one.do) && !edits) return false
    if (one.do === 'run') return made !== undefined
    if (one.do === 'recipe') return recipes.data?.some((recipe) => recipe.name === made?.name) ?? false
    return true
  }
}

type Props = Ground & { one: Doing; finding: Finding }

function Way(props: Props) {
  const { one, finding, project, dataset, door } = props
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
        <Button {...SMALL} onClick={() => props.onFigure(finding.section, finding.words, where.key ?? '')}>
          See these records
        </Button>
      )
    case 'section':
      return (
        <Button {...SMALL} component="a" href={`#${finding.section}`}>
          See below
        </Button>
      )
    case 'spot_check':
      return (
        <ButtonLink {...SMALL} to={`${inProject(project, 'review', dataset.name)}?mode=spot-check`}>
          Judge a sample
        </ButtonLink>
      )
    case 'suspects':
      return <Suspects project={project} dataset={dataset.name} suspected={props.suspected} />
    case 'dedup':
      return <Dedup project={project} dataset={where.dataset || dataset.name} where={where} />
    case 'report':
      return (
        <Button {...SMALL} onClick={props.onReport}>
          Make another report
        </Button>
      )
    case 'augment':
      return (
        <ButtonLink
          {...SMALL}
          to={`${inProject(project, 'augment')}?${new URLSearchParams({ dataset: dataset.name })}`}
        >
          Augment
        </ButtonLink>
      )
    case 'import':
      return (
        <ButtonLink {...SMALL} to={`${inProject(project, 'datasets')}?import=true`}>
          Import a file
        </ButtonLink>
      )
    case 'run':
    case 'recipe':
      return <OfRun what={one.do} project={project} dataset={dataset} />
    default:
      return null
  }
}

function wordsOf(where: Record<string, string>): string {
  const [value] = where.duplicates ? [] : Object.values(where)
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
        title={`${dataset} without ${against ? 'what another dataset has' : 'duplicates'}`}
        size={620}
      >
        <DedupForm project={project} dataset={dataset} against={where.against} />
      </Drawer>
    </>
  )
}

/** What can be done where a recipe made the records: go on with the run, make again what was declined, change it. */
function OfRun({
  what,
  project,
  dataset,
}: {
  what: 'run' | 'recipe'
  project: string
  dataset: DatasetDetail
}) {
  const made = useMade(project, dataset.name)
  if (!made) return null
  if (what === 'recipe') {
    return (
      <ButtonLink {...SMALL} to={inProject(project, 'recipes', made.name)}>
        Change the recipe
      </ButtonLink>
    )
  }
  return (
    <>
      <ButtonLink {...SMALL} to={inProject(project, 'runs', made.run)}>
        Open the run
      </ButtonLink>
      <Refill project={project} dataset={dataset.name} declined={dataset.declined} />
    </>
  )
}

/** The run of a recipe that made records of a dataset. */
function useMade(project: string, dataset: string): Run | undefined {
  return useRuns({ project, dataset }).data?.find((run) => !OTHERWISE.includes(run.kind))
}

/** Kinds of runs that no recipe made. */
const OTHERWISE = ['import', 'augment', 'fill', 'split', 'dedup', 'fix']
