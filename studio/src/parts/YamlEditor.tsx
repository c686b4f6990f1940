import { Box, Button, Skeleton } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { RecipeProblem } from '../api/types'
import { fetched } from './fetched'
import { sentence } from './sentence'

const CodeEditor = lazy(() => fetched(() => import('./CodeEditor')))

interface Props {
  value: string
  onChange: (text: string) => void
  label: string
  problems?: RecipeProblem[]
  height?: number | string
  readOnly?: boolean
}

/** A YAML text with colours; what is wrong with it stands below, each line one click away. */
export function YamlEditor({ value, onChange, label, problems = [], height = 480, readOnly = false }: Props) {
  const [line, setLine] = useState<{ line: number } | null>(null)
  return (
    <Box>
      <Suspense fallback={<Skeleton height={height} />}>
        <CodeEditor
          value={value}
          onChange={onChange}
          label={label}
          height={height}
          goTo={line}
          readOnly={readOnly}
        />
      </Suspense>
      {problems.length > 0 && (
        <ul aria-label="What is wrong" style={{ margin: '8px 0 0', padding: 0, listStyle: 'none' }}>
          {problems.map((problem, place) => (
            <li key={place} style={{ marginBottom: 4, overflowWrap: 'anywhere' }}>
              {problem.line !== null && (
                <Button
                  size="compact-xs"
                  variant="default"
                  mr={6}
                  onClick={() => setLine({ line: problem.line ?? 1 })}
                >
                  Line {problem.line}
                </Button>
              )}
              <span style={{ color: 'var(--sb-decline-ink)' }}>{sentence(problem.message)}</span>{' '}
              {problem.hint}
            </li>
          ))}
        </ul>
      )}
    </Box>
  )
}
