import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useForgetVersion, useKeepVersion, useVersions, type Version, versionFile } from '../../api/versions'
import { Answer } from '../../parts/Answer'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { ErrorNote } from '../../parts/ErrorNote'
import { ago, count } from '../../parts/figures'
import { Heads } from '../../parts/Heads'

interface Props {
  dataset: string
  edits: boolean
}

/** What the dataset was like when somebody kept it: it stays so, whatever is decided and corrected later. */
export function Versions({ dataset, edits }: Props) {
  const versions = useVersions(dataset)
  const keep = useKeepVersion(dataset)
  const [note, setNote] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    keep.mutate(note, { onSuccess: () => setNote('') })
  }
  return (
    <Stack gap="md">
      {edits && (
        <form onSubmit={submit}>
          <Group align="flex-end" gap="sm">
            <TextInput
              label="Keep it as it stands now"
              description="Without what is declined. It stays so, whatever is done to its records later."
              placeholder="What for, if you like"
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              w={480}
            />
            <Button type="submit" variant="default" loading={keep.isPending}>
              Keep a version
            </Button>
          </Group>
        </form>
      )}
      {keep.error && <ErrorNote error={keep.error} />}
      <Answer query={versions} rows={1}>
        {(all) =>
          all.length ? <Kept versions={all} edits={edits} /> : <Text c="dimmed">None is kept yet.</Text>
        }
      </Answer>
    </Stack>
  )
}

function Kept({ versions, edits }: { versions: Version[]; edits: boolean }) {
  const forget = useForgetVersion(versions[0]?.dataset ?? '')
  return (
    <table className="sb-table">
      <Heads columns={['Version', '#Records', 'Note', 'Kept', 'What to do']} />
      <tbody>
        {versions.map((one) => (
          <tr key={one.number}>
            <td>{one.name}</td>
            <td className="sb-number">{count(one.records)}</td>
            <td>{one.note}</td>
            <td>
              {ago(one.at)} by {one.by}
            </td>
            <td>
              <Group gap="md">
                <Anchor href={versionFile(one, 'csv')} download>
                  CSV
                </Anchor>
                <Anchor href={versionFile(one, 'jsonl')} download>
                  JSONL
                </Anchor>
                {edits && (
                  <ConfirmButton
                    question={`Forget ${one.name}? The dataset itself stays as it is.`}
                    verb="Forget it"
                    onConfirm={() => forget.mutate(one.number)}
                    size="compact-sm"
                  >
                    Forget
                  </ConfirmButton>
                )}
              </Group>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
