import { useCallback } from 'react'
import type { Stack } from '../blocks'
import type { Colours } from './colours'
import { Plot } from './Plot'

interface Props {
  block: Stack
  onPick: (place: number) => void
}

/** Bars of several parts, with a legend. */
export function StackPlot({ block, onPick }: Props) {
  const option = useCallback((colours: Colours) => optionOf(block, colours), [block])
  const said = block.rows
    .slice(0, 12)
    .map(
      (row) =>
        `${row.name} ${row.values.map((value, place) => `${value} ${block.series[place]}`).join(', ')}`,
    )
    .join('; ')
  return (
    <Plot
      label={`${block.title}: ${said}`}
      height={28 * block.rows.length + 60}
      option={option}
      onPick={onPick}
    />
  )
}

function optionOf({ rows, series }: Stack, colours: Colours) {
  const text = { color: colours.ink, fontFamily: 'Inter Variable, sans-serif', fontSize: 12 }
  return {
    textStyle: text,
    grid: { left: 4, right: 40, top: 30, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: 'rect', itemWidth: 10, itemHeight: 10, textStyle: text },
    tooltip: {
      renderMode: 'richText',
      backgroundColor: colours.panel,
      borderColor: colours.line,
      textStyle: text,
      formatter: (at: { dataIndex: number }) => {
        const row = rows[at.dataIndex]
        return row
          ? [row.name, ...series.map((name, place) => `${row.values[place]} ${name}`)].join('\n')
          : ''
      },
    },
    xAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { color: colours.soft, fontSize: 11 },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 4,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map((row) => row.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.ink, width: 220, overflow: 'truncate' },
    },
    series: series.map((name, place) => ({
      name,
      type: 'bar',
      stack: 'all',
      barWidth: 14,
      itemStyle: { color: colours.series[place] },
      data: rows.map((row) => row.values[place]),
      cursor: rows.some((row) => row.to) ? 'pointer' : 'default',
    })),
  }
}
