import { useRunRecipe } from '../../api/runs'
import type { Run } from '../../api/types'
import { Answer } from '../../parts/Answer'
import { Fold } from '../../parts/Fold'
import { YamlEditor } from '../../parts/YamlEditor'

/** The recipe as it was when the run began: the saved one may have changed since. */
export function RunRecipe({ run }: { run: Run }) {
  return (
    <Fold title="The recipe of this run">
      <Yaml id={run.run} />
    </Fold>
  )
}

function Yaml({ id }: { id: string }) {
  return (
    <Answer query={useRunRecipe(id)}>
      {(recipe) => (
        <YamlEditor
          label="The recipe of this run"
          value={recipe.yaml}
          onChange={() => {}}
          readOnly
          height={360}
        />
      )}
    </Answer>
  )
}
