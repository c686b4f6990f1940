import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { IconName } from '../parts/Icon'

export interface StudioPage {
  /** Below `/p/<project>/`; `:name` is a parameter. */
  path: string
  page: LazyExoticComponent<ComponentType>
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

/** Every page of a project; each is loaded when it is first opened. */
export const pages: StudioPage[] = [
  { path: 'recipes', page: lazy(() => import('../pages/recipes/RecipesPage')) },
  { path: 'recipes/new', page: lazy(() => import('../pages/recipes/NewRecipePage')) },
  { path: 'recipes/new/:kind', page: lazy(() => import('../pages/recipes/StartRecipePage')) },
  { path: 'recipes/:recipe', page: lazy(() => import('../pages/recipes/RecipePage')) },
  { path: 'templates', page: lazy(() => import('../pages/templates/TemplatesPage')) },
  { path: 'templates/:template', page: lazy(() => import('../pages/templates/TemplatePage')) },
  { path: 'runs', page: lazy(() => import('../pages/runs/RunsPage')) },
  { path: 'runs/:run', page: lazy(() => import('../pages/runs/RunPage')) },
  { path: 'augment', page: lazy(() => import('../pages/augment/AugmentPage')) },
  { path: 'review', page: lazy(() => import('../pages/review/ReviewPage')) },
  { path: 'review/:dataset', page: lazy(() => import('../pages/review/ReviewPage')) },
  { path: 'tasks', page: lazy(() => import('../pages/tasks/TasksPage')) },
  { path: 'datasets', page: lazy(() => import('../pages/datasets/DatasetsPage')) },
  { path: 'datasets/:dataset', page: lazy(() => import('../pages/datasets/DatasetPage')) },
  { path: 'quality', page: lazy(() => import('../pages/quality/QualityPage')) },
  { path: 'quality/:dataset', page: lazy(() => import('../pages/quality/QualityPage')) },
  { path: 'connections', page: lazy(() => import('../pages/connections/ConnectionsPage')) },
  { path: 'settings', page: lazy(() => import('../pages/settings/SettingsPage')) },
]
