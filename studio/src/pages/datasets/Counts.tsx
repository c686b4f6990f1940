import { SimpleGrid, Title } from '@mantine/core'
import type { DatasetDetail } from '../../api/types'
import { inProject } from '../../parts/where'
import { Bars } from './Bars'

/** What is in each column that has few values, and which spans there are; each bar leads to its records. */
export function Counts({ dataset, project }: { dataset: DatasetDetail; project: string }) {
  const review = inProject(project, 'review', dataset.name)
  const columns = Object.entries(dataset.counts).filter(([, values]) => Object.keys(values).length > 1)
  const door = (column: string) => (value: string) => {
    const name = column === dataset.label_column ? 'label' : column === 'model' ? 'model' : 'q'
    return `${review}?${new URLSearchParams({ [name]: value })}`
  }
  const spans = Object.keys(dataset.span_labels).length > 0
  return (
    <section>
      <Title order={2} mb={4}>
        What is in it
      </Title>
      <p className="sb-soft" style={{ margin: '0 0 16px' }}>
        Columns: {dataset.columns.join(', ')}
      </p>
      {(columns.length > 0 || spans) && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={32} verticalSpacing={24}>
          {columns.map(([column, values]) => (
            <Bars key={column} title={column} values={values} to={door(column)} />
          ))}
          {spans && (
            <Bars
              title="Marked words"
              marked
              values={dataset.span_labels}
              to={(span) => `${review}?${new URLSearchParams({ span })}`}
            />
          )}
        </SimpleGrid>
      )}
    </section>
  )
}
