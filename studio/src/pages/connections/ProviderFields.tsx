import { PasswordInput, TextInput } from '@mantine/core'
import type { Connection, ConnectionBody, Provider } from '../../api/types'

interface Props {
  provider: Provider
  body: ConnectionBody
  change: (more: ConnectionBody) => void
  errors: Record<string, string>
  old: Connection | null
  value: string
  onKey: (key: string) => void
}

const ADDRESSES: Record<string, { help: string; example: string }> = {
  azure: {
    help: 'The endpoint of your resource in the Azure portal.',
    example: 'https://your-resource.openai.azure.com',
  },
  openai: {
    help: 'Left empty it is OpenAI itself. Other servers say theirs; most end in /v1.',
    example: 'https://api.openai.com/v1',
  },
}

/** The fields that the provider needs: its address, the version of its interface, the key. */
export function ProviderFields({ provider, body, change, errors, old, value, onKey }: Props) {
  const kept = old?.key_last4 ? `The one that ends in ${old.key_last4} is kept if this stays empty. ` : ''
  const about = ADDRESSES[provider.name]
  return (
    <>
      {(provider.address || provider.default_address) && (
        <TextInput
          label="Address"
          description={about?.help ?? 'Left empty it is the usual one.'}
          withAsterisk={provider.address && !provider.default_address}
          placeholder={provider.default_address || about?.example || 'https://…/v1'}
          error={errors.base_url}
          value={body.base_url ?? ''}
          onChange={(event) => change({ base_url: event.currentTarget.value })}
        />
      )}
      {'api_version' in (provider.schema.properties ?? {}) && provider.name === 'azure' && (
        <TextInput
          label="API version"
          description="Left empty it is 2024-10-21."
          placeholder="2024-10-21"
          error={errors.api_version}
          value={body.api_version ?? ''}
          onChange={(event) => change({ api_version: event.currentTarget.value })}
        />
      )}
      {provider.key && (
        <>
          <PasswordInput
            label="Key"
            description={`${kept}Kept on the server, encrypted; never shown again.`}
            autoComplete="off"
            error={errors.key}
            value={value}
            onChange={(event) => onKey(event.currentTarget.value)}
          />
          <TextInput
            label="Or the variable that holds the key"
            description="The name of an environment variable of the server, where the key shall not be kept here."
            placeholder={provider.key_env ?? 'MY_KEY'}
            error={errors.key_env}
            value={body.key_env ?? ''}
            onChange={(event) => change({ key_env: event.currentTarget.value })}
          />
        </>
      )}
    </>
  )
}
