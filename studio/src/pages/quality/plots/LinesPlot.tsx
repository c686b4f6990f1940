import { useCallback } from 'react'
import type { Lines } from '../blocks'
import { percent } from '../read'
import type { Colours } from './colours'
import { Plot } from './Plot'

/** How a share grows with a number. */
export function LinesPlot({ block }: { block: Lines }) {
  const option = useCallback((colours: Colours) => optionOf(block, colours), [block])
  const said = block.lines
    .map((line) => `${line.name}: ${line.points.map((point) => `${point.x} ${percent(point.y)}`).join(', ')}`)
    .join('; ')
  return <Plot label={`${block.title}: ${said}`} height={240} option={option} />
}

function optionOf({ lines, across, word }: Lines, colours: Colours) {
  const text = { color: colours.ink, fontFamily: 'Inter Variable, sans-serif', fontSize: 12 }
  const axis = {
    axisLabel: { color: colours.soft, fontSize: 11 },
    splitLine: { lineStyle: { color: colours.line } },
    axisLine: { lineStyle: { color: colours.line } },
  }
  return {
    textStyle: text,
    grid: { left: 8, right: 24, top: 34, bottom: 28, containLabel: true },
    legend: { top: 0, left: 0, textStyle: text, itemWidth: 16, itemHeight: 8 },
    tooltip: {
      trigger: 'item',
      renderMode: 'richText',
      backgroundColor: colours.panel,
      borderColor: colours.line,
      textStyle: text,
      formatter: (at: { seriesIndex: number; dataIndex: number }) => {
        const line = lines[at.seriesIndex]
        const point = line?.points[at.dataIndex]
        return point ? `${line.name}\n${percent(point.y)} ${word} with ${point.x}` : ''
      },
    },
    xAxis: {
      type: 'value',
      min: 0,
      name: across,
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: { color: colours.soft, fontSize: 11 },
      ...axis,
    },
    yAxis: {
      type: 'value',
      ...axis,
      min: 0,
      max: 1,
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => percent(value) },
    },
    series: lines.map((line, place) => ({
      name: line.name,
      type: 'line',
      symbol: 'circle',
      symbolSize: 7,
      lineStyle: { width: 2, color: colours.series[place] },
      itemStyle: { color: colours.series[place] },
      data: line.points.map((point) => [point.x, point.y]),
    })),
  }
}
