import type { IconName } from '../parts/Icon'
import { type Later, later } from '../parts/later'

export interface StudioPage {
  /** Below `/p/<project>/`; `:name` is a parameter. */
  path: string
  page: Later
  /** For a page of editors: its title, and what is done on it. */
  editors?: { title: string; what: string }
}

export interface Entry {
  /** First part of the addresses of its pages. */
  name: string
  title: string
  icon: IconName
}

/** The sidebar: groups of pages. */
export const menu: { title: string; entries: Entry[] }[] = [
  {
    title: 'Build',
    entries: [
      { name: 'recipes', title: 'Recipes', icon: 'recipes' },
      { name: 'templates', title: 'Templates', icon: 'templates' },
      { name: 'runs', title: 'Runs', icon: 'runs' },
      { name: 'augment', title: 'Augment', icon: 'augment' },
    ],
  },
  {
    title: 'Curate',
    entries: [
      { name: 'review', title: 'Review', icon: 'review' },
      { name: 'tasks', title: 'Tasks', icon: 'tasks' },
      { name: 'datasets', title: 'Datasets', icon: 'datasets' },
      { name: 'quality', title: 'Quality', icon: 'quality' },
    ],
  },
  {
    title: 'Set up',
    entries: [
      { name: 'connections', title: 'Connections', icon: 'connections' },
      { name: 'settings', title: 'Settings', icon: 'settings' },
    ],
  },
]

const WRITING = { title: 'New recipe', what: 'Writing a recipe' }

/** Every page of a project; each is loaded when it is first opened. */
export const pages: StudioPage[] = [
  { path: 'recipes', page: later(() => import('../pages/recipes/RecipesPage')) },
  { path: 'recipes/new', page: later(() => import('../pages/recipes/NewRecipePage')), editors: WRITING },
  {
    path: 'recipes/new/:kind',
    page: later(() => import('../pages/recipes/StartRecipePage')),
    editors: WRITING,
  },
  { path: 'recipes/:recipe', page: later(() => import('../pages/recipes/RecipePage')) },
  { path: 'templates', page: later(() => import('../pages/templates/TemplatesPage')) },
  {
    path: 'templates/new',
    page: later(() => import('../pages/templates/TemplatePage')),
    editors: { title: 'New template', what: 'Writing a template' },
  },
  { path: 'templates/:template', page: later(() => import('../pages/templates/TemplatePage')) },
  { path: 'runs', page: later(() => import('../pages/runs/RunsPage')) },
  { path: 'runs/:run', page: later(() => import('../pages/runs/RunPage')) },
  {
    path: 'augment',
    page: later(() => import('../pages/augment/AugmentPage')),
    editors: { title: 'Augment', what: 'Making copies' },
  },
  { path: 'review', page: later(() => import('../pages/review/ReviewPage')) },
  { path: 'review/:dataset', page: later(() => import('../pages/review/ReviewPage')) },
  { path: 'tasks', page: later(() => import('../pages/tasks/TasksPage')) },
  { path: 'datasets', page: later(() => import('../pages/datasets/DatasetsPage')) },
  { path: 'datasets/:dataset', page: later(() => import('../pages/datasets/DatasetPage')) },
  { path: 'quality', page: later(() => import('../pages/quality/QualityPage')) },
  { path: 'quality/:dataset', page: later(() => import('../pages/quality/QualityPage')) },
  { path: 'connections', page: later(() => import('../pages/connections/ConnectionsPage')) },
  { path: 'settings', page: later(() => import('../pages/settings/SettingsPage')) },
]

/** The page at an address, if it is one of a project's. */
export function pageAt(address: string): Later | undefined {
  const [, p, , ...parts] = address.split('/')
  const fits = (path: string) => {
    const names = path.split('/')
    return names.length === parts.length && names.every((one, at) => one[0] === ':' || one === parts[at])
  }
  return p === 'p' ? pages.find(({ path }) => fits(path))?.page : undefined
}
