import { Tabs } from '@mantine/core'
import { useState } from 'react'
import { usePreview } from '../../api/preview'
import type { Recipe } from '../../api/types'
import { ErrorNote } from '../../parts/ErrorNote'
import { Page } from '../../parts/Page'
import { useProjectId } from '../../parts/where'
import { YamlEditor } from '../../parts/YamlEditor'
import { EstimateLine } from './EstimateLine'
import { PreviewPane } from './PreviewPane'
import { RecipeActions } from './RecipeActions'
import { RecipeForm } from './RecipeForm'
import { useRecipeText } from './useRecipeText'
import './recipes.css'

interface Props {
  /** The saved one, or null while it is new. */
  recipe: Recipe | null
  /** The text to begin with. */
  start: string
  /** Under which name an unsaved text is kept. */
  draft?: string
}

/** Form and YAML side by side, each following the other; what it will take stands above, a preview beside. */
export function RecipeEditor({ recipe, start, draft }: Props) {
  const project = useProjectId()
  const text = useRecipeText(`${project}:${recipe?.name ?? draft ?? ''}`, start)
  const preview = usePreview()
  const [tab, setTab] = useState<string | null>('yaml')
  const name = text.check?.name || String(text.document.name ?? '')
  return (
    <Page
      title={recipe ? recipe.name : name ? `New recipe: ${name}` : 'New recipe'}
      about={<EstimateLine text={text} />}
      width="full"
      actions={
        <RecipeActions
          recipe={recipe}
          text={text}
          previewing={preview.isPending}
          onPreview={() => {
            setTab('preview')
            preview.start({ yaml: text.yaml, project }, 3)
          }}
        />
      }
    >
      <div className="sb-recipe">
        <RecipeForm text={text} isNew={recipe === null} />
        <div className="sb-recipe-side">
          <Tabs value={tab} onChange={setTab} keepMounted={false}>
            <Tabs.List mb="sm">
              <Tabs.Tab value="yaml">YAML</Tabs.Tab>
              <Tabs.Tab value="preview">Preview</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="yaml">
              <YamlEditor
                label="The recipe as YAML"
                value={text.yaml}
                onChange={(yaml) => text.setYaml(yaml)}
                problems={text.check?.problems}
                height="calc(100vh - 216px)"
              />
              <ErrorNote error={text.checkError} />
            </Tabs.Panel>
            <Tabs.Panel value="preview">
              <PreviewPane preview={preview} />
            </Tabs.Panel>
          </Tabs>
        </div>
      </div>
    </Page>
  )
}
