import { Autocomplete } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ModelChoice } from '../api/types'
import { size } from './figures'

interface Props {
  label: string
  description?: ReactNode
  /** Those that are known. */
  choices: readonly ModelChoice[]
  value: string
  onChange: (model: string) => void
  width?: number
}

/** A model: a known one, or `connection:model` typed in. */
export function ModelField({ label, description, choices, value, onChange, width }: Props) {
  const known = choices.find((one) => one.model === value)
  return (
    <Autocomplete
      label={label}
      description={description ?? (known ? aboutOf(known) : 'A known one, or connection:model.')}
      placeholder="embedded, or connection:model"
      maw={width}
      w="100%"
      data={choices.map((one) => one.model)}
      value={value}
      onChange={onChange}
    />
  )
}

function aboutOf(choice: ModelChoice): string {
  if (choice.local && choice.ready) return `${choice.title}: on this computer, free of charge.`
  if (choice.local && choice.size !== null)
    return `${choice.title}: fetched the first time (${size(choice.size)}).`
  return choice.title
}
