import { useRecipes } from '../../api/recipes'
import { useRole } from '../../api/session'
import { Answer } from '../../parts/Answer'
import { ButtonLink } from '../../parts/ButtonLink'
import { Empty } from '../../parts/Empty'
import { Icon } from '../../parts/Icon'
import { Page } from '../../parts/Page'
import { inProject, useProjectId } from '../../parts/where'
import { RecipeRow } from './RecipeRow'

const SAMPLE = `generator:
  kind: classification
  instruction: one review of an online shop
  labels: {praise: …, complaint: …}
  count: 200`

/** The recipes of a project; each can be run from here. */
export default function RecipesPage() {
  const project = useProjectId()
  const recipes = useRecipes(project)
  const mayEdit = useRole(project) !== 'reviewer'
  const make = (
    <ButtonLink to={inProject(project, 'recipes', 'new')} leftSection={<Icon name="plus" />}>
      New recipe
    </ButtonLink>
  )
  return (
    <Page
      title="Recipes"
      about="A recipe says what is to be written, by which model, and how many of each."
      actions={mayEdit && recipes.data?.length ? make : undefined}
    >
      <Answer query={recipes}>
        {(all) =>
          all.length ? (
            <table className="sb-table">
              <caption className="sb-hidden">Recipes of this project</caption>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Makes</th>
                  <th scope="col" className="sb-number">
                    Records
                  </th>
                  <th scope="col">Model</th>
                  <th scope="col">Changed</th>
                  <th scope="col">
                    <span className="sb-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map((recipe) => (
                  <RecipeRow key={recipe.name} recipe={recipe} project={project} mayEdit={mayEdit} />
                ))}
              </tbody>
            </table>
          ) : (
            <Empty
              sentence="Choose what to make: each kind comes with an example that runs as it is."
              action={mayEdit && make}
              sample={<pre style={{ margin: 0, fontSize: 12 }}>{SAMPLE}</pre>}
            />
          )
        }
      </Answer>
    </Page>
  )
}
