import { Stack } from '@mantine/core'
import { useLocation } from 'wouter'
import type { Bar, Bars, Block, Lines } from '../blocks'
import { BarsPlot } from '../plots/BarsPlot'
import { LinesPlot } from '../plots/LinesPlot'
import { StackPlot } from '../plots/StackPlot'
import { between, figure, percent } from '../read'
import { Drawn } from './Drawn'
import { NumbersOf } from './NumbersOf'
import { type Row, TableOf } from './TableOf'
import { TextsOf } from './TextsOf'

interface Props {
  block: Block
  /** Shows the records behind a figure that no filter finds. */
  onBehind: (bar: Bar) => void
}

/** One plot, table or text of a section; a bar is a door to its records. */
export function BlockOf({ block, onBehind }: Props) {
  const [, go] = useLocation()
  const open = (bar: Bar) => (bar.to ? go(bar.to) : bar.key ? onBehind(bar) : undefined)
  switch (block.type) {
    case 'words':
      return (
        <p className="sb-soft" style={{ margin: 0, maxWidth: 760 }}>
          {block.text}
        </p>
      )
    case 'numbers':
      return <NumbersOf block={block} />
    case 'texts':
      return (
        <Stack gap={8} maw={860}>
          <h3 style={{ margin: 0, fontSize: 'inherit', fontWeight: 550 }}>{block.title}</h3>
          <TextsOf block={block} />
        </Stack>
      )
    case 'grid':
      return (
        <Stack gap={4} maw={860}>
          <h3 style={{ margin: 0, fontSize: 'inherit', fontWeight: 550 }}>{block.title}</h3>
          <TableOf title={block.title} head={block.head} rows={block.rows} />
        </Stack>
      )
    case 'bars':
      return (
        <Drawn
          title={block.title}
          plot={<BarsPlot block={block} onPick={open} />}
          table={<TableOf title={block.title} head={headOf(block)} rows={rowsOf(block, onBehind)} />}
        />
      )
    case 'stack':
      return (
        <Drawn
          title={block.title}
          plot={
            <StackPlot
              block={block}
              onPick={(place) => {
                const to = block.rows[place]?.to
                if (to) go(to)
              }}
            />
          }
          table={
            <TableOf
              title={block.title}
              head={['Of', ...block.series]}
              rows={block.rows.map((row) => ({ cells: [row.name, ...row.values.map(String)], to: row.to }))}
            />
          }
        />
      )
    case 'lines':
      return (
        <Drawn
          title={block.title}
          plot={<LinesPlot block={block} />}
          table={
            <TableOf
              title={block.title}
              head={['Of', block.across, block.word, '95 %']}
              rows={points(block)}
            />
          }
        />
      )
  }
}

function headOf({ bars, word }: Bars): string[] {
  return [
    'Of',
    word,
    ...(bars.some((bar) => bar.wanted !== undefined) ? ['wanted'] : []),
    ...(bars.some((bar) => bar.low !== undefined) ? ['between'] : []),
  ]
}

function rowsOf({ bars, unit }: Bars, onBehind: (bar: Bar) => void): Row[] {
  const wanted = bars.some((bar) => bar.wanted !== undefined)
  const ranges = bars.some((bar) => bar.low !== undefined)
  const range = ({ low, high }: Bar) =>
    low === undefined || high === undefined ? '' : `${figure(low, unit)} to ${figure(high, unit)}`
  return bars.map((bar) => ({
    cells: [
      bar.name,
      figure(bar.value, unit),
      ...(wanted ? [bar.wanted === undefined ? '' : figure(bar.wanted, unit)] : []),
      ...(ranges ? [range(bar)] : []),
    ],
    to: bar.to,
    ...(bar.key && !bar.to ? { open: () => onBehind(bar) } : {}),
  }))
}

function points({ lines }: Lines): Row[] {
  return lines.flatMap((line) =>
    line.points.map((point) => ({
      cells: [
        line.name,
        String(point.x),
        percent(point.y),
        point.low === undefined || point.high === undefined ? '' : between([point.low, point.high]),
      ],
    })),
  )
}
