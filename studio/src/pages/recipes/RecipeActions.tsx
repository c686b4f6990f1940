import { Button, Menu, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { Problem, sayProblem } from '../../api/problem'
import { useDeleteRecipe, useSaveRecipe } from '../../api/recipes'
import { useRole } from '../../api/session'
import type { Recipe, RecipeProblem } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { goToWrong } from '../../parts/missing'
import { say, sayWrong } from '../../parts/notes'
import { inProject, useProjectId } from '../../parts/where'
import { Conflict } from './Conflict'
import { useGenerate } from './useGenerate'
import type { RecipeText } from './useRecipeText'

type Wanted = 'preview' | 'save' | 'run'

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
  const [wanted, setWanted] = useState<Wanted | null>(null)
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

  const act = { preview: onPreview, save: () => keep(saved), run }
  const press = (what: Wanted) => {
    if (what === 'save' && recipe && !text.changed) return say('Nothing has changed since it was saved.')
    setWanted(what)
  }

  return (
    <>
      <WhenChecked text={text} wanted={wanted} act={act} done={() => setWanted(null)} />
      <Button variant="default" loading={previewing || wanted === 'preview'} onClick={() => press('preview')}>
        Preview three
      </Button>
      <Button
        variant="default"
        loading={wanted === 'save' || (save.isPending && !generate.isPending)}
        onClick={() => press('save')}
      >
        Save
      </Button>
      <Button loading={generate.isPending || wanted === 'run'} onClick={() => press('run')}>
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
            {text.changed && (
              <Menu.Item leftSection={<Icon name="undo" />} onClick={() => text.setYaml(recipe.yaml)}>
                Back to the saved one
              </Menu.Item>
            )}
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

/** Does what was asked for once the text is checked; where something is wrong it says what, and goes to the field. */
function WhenChecked(props: {
  text: RecipeText
  wanted: Wanted | null
  act: Record<Wanted, () => void>
  done: () => void
}) {
  const { text, wanted, act, done } = props
  const settled = text.checked || text.checkError !== null || !text.yaml.trim()
  useEffect(() => {
    if (!wanted || !settled) return
    done()
    const form = document.querySelector('.sb-recipe-form')
    if (text.checked && text.check?.ok && !form?.querySelector('[aria-invalid="true"]')) return act[wanted]()
    const first = text.check?.problems[0]
    if (first) sayWrong({ detail: `${placeOf(first)}: ${first.message}`, hint: short(first.hint) })
    else if (text.checkError) sayWrong(sayProblem(text.checkError))
    else if (!text.yaml.trim())
      sayWrong({ detail: 'The recipe is empty.', hint: 'Fill in the form, or type YAML beside it.' })
    else sayWrong({ detail: 'What one field holds is not in the recipe yet.', hint: 'It says why.' })
    goToWrong(form)
  })
  return null
}

function placeOf({ field, line }: RecipeProblem): string {
  return field || (line === null ? 'The recipe' : `Line ${line}`)
}

/** A hint that fits into a message; a longer one stands below the YAML. */
function short(hint: string): string {
  return hint.length > 90 ? 'See below the YAML.' : hint
}
