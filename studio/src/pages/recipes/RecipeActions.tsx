import { Button, Menu, Modal } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { Problem, sayProblem } from '../../api/problem'
import { useDeleteRecipe, useSaveRecipe } from '../../api/recipes'
import { useRole } from '../../api/session'
import type { Recipe } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { say, sayWrong } from '../../parts/notes'
import { inProject, useProjectId } from '../../parts/where'
import { Conflict } from './Conflict'
import { useGenerate } from './useGenerate'
import type { RecipeText } from './useRecipeText'

interface Props {
  recipe: Recipe | null
  text: RecipeText
  previewing: boolean
  onPreview: () => void
}

/** Preview, save, generate: a recipe that was changed is saved before it runs. */
export function RecipeActions({ recipe, text, previewing, onPreview }: Props) {
  const project = useProjectId()
  const [, go] = useLocation()
  const save = useSaveRecipe(recipe, project)
  const drop = useDeleteRecipe()
  const generate = useGenerate(project)
  const [theirs, setTheirs] = useState<Recipe | null>(null)
  const ready = text.check?.ok === true
  if (useRole(project) === 'reviewer') return null

  const keep = (then: (name: string) => void) => {
    if (text.overtaken) return setTheirs(recipe)
    save.mutate(
      { yaml: text.yaml, name: text.check?.name ?? '' },
      {
        onSuccess: (saved) => {
          text.forget()
          then(saved.name)
        },
        onError: (error) => {
          if (error instanceof Problem && error.status === 412 && error.theirs)
            setTheirs(error.theirs as Recipe)
          else sayWrong(sayProblem(error))
        },
      },
    )
  }
  const saved = (name: string) => {
    say(`${name} is saved.`)
    if (name !== recipe?.name) go(inProject(project, 'recipes', name), { replace: recipe === null })
  }
  const run = () => (recipe && !text.changed ? generate.start(recipe.name) : keep(generate.start))

  return (
    <>
      <Button variant="default" disabled={!ready} loading={previewing} onClick={onPreview}>
        Preview three
      </Button>
      <Button
        variant="default"
        disabled={!ready || (recipe !== null && !text.changed)}
        loading={save.isPending && !generate.isPending}
        onClick={() => keep(saved)}
      >
        Save
      </Button>
      <Button disabled={!ready} loading={generate.isPending} onClick={run}>
        Generate
      </Button>
      {recipe && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px={9} aria-label="More">
              <Icon name="more" />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<Icon name="undo" />}
              disabled={!text.changed}
              onClick={() => text.setYaml(recipe.yaml)}
            >
              Back to the saved one
            </Menu.Item>
            <Menu.Item
              leftSection={<Icon name="trash" />}
              onClick={() =>
                drop.mutate(recipe, {
                  onSuccess: () => {
                    say(`${recipe.name} is deleted. Its datasets stay.`)
                    go(inProject(project, 'recipes'))
                  },
                  onError: (error) => sayWrong(sayProblem(error)),
                })
              }
            >
              Delete the recipe
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Modal
        opened={theirs !== null}
        onClose={() => setTheirs(null)}
        title="Changed by someone else"
        size="xl"
      >
        {theirs && <Conflict mine={text} theirs={theirs} onDone={() => setTheirs(null)} />}
      </Modal>
    </>
  )
}
