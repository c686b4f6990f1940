import type { CustomSeriesRenderItem } from 'echarts'
import { useCallback } from 'react'
import type { Bar, Bars } from '../blocks'
import { figure } from '../read'
import type { Colours } from './colours'
import { Plot } from './Plot'

const ROW = 28
const LONGEST = 34

interface Props {
  block: Bars
  onPick: (bar: Bar) => void
}

/** Horizontal bars; a dark mark is what was wanted, a line at the end an interval. */
export function BarsPlot({ block, onPick }: Props) {
  const { bars, unit } = block
  const option = useCallback((colours: Colours) => optionOf(block, colours), [block])
  const said = bars
    .slice(0, 12)
    .map((bar) => `${bar.name} ${figure(bar.value, unit)}`)
    .join(', ')
  return (
    <Plot
      label={`${block.title}: ${said}`}
      height={ROW * bars.length + 30}
      option={option}
      onPick={(place) => {
        const bar = bars[place]
        if (bar) onPick(bar)
      }}
    />
  )
}

function optionOf({ bars, unit, word }: Bars, colours: Colours) {
  const door = (bar: Bar) => (bar.to || bar.key ? 'pointer' : 'default')
  const text = { color: colours.ink, fontFamily: 'Inter Variable, sans-serif', fontSize: 12 }
  const wanted = bars.some((bar) => bar.wanted !== undefined)
  const ranges = bars.some((bar) => bar.low !== undefined)
  const most = Math.max(...bars.map((bar) => bar.high ?? bar.value))
  return {
    textStyle: text,
    grid: { left: 4, right: 64, top: 4, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: 'richText',
      backgroundColor: colours.panel,
      borderColor: colours.line,
      textStyle: text,
      formatter: (at: { dataIndex: number }) => said(bars[at.dataIndex], unit, word),
    },
    xAxis: {
      type: 'value',
      min: 0,
      ...(unit === 'share' && most > 0.75 ? { max: 1 } : {}),
      axisLabel: { color: colours.soft, fontSize: 11, formatter: (value: number) => figure(value, unit) },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 4,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((bar) => bar.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: {
        color: colours.ink,
        formatter: (name: string) =>
          name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name || '(none)',
      },
    },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        itemStyle: { color: colours.main, borderRadius: [0, 3, 3, 0] },
        label: {
          show: true,
          position: ranges ? 'insideLeft' : 'right',
          color: ranges ? colours.panel : colours.soft,
          formatter: (at: { dataIndex: number }) => shownBy(bars[at.dataIndex], unit),
        },
        data: bars.map((bar) => ({ value: bar.value, cursor: door(bar) })),
        cursor: bars.some((bar) => bar.to || bar.key) ? 'pointer' : 'default',
      },
      ...(wanted
        ? [
            {
              type: 'scatter',
              symbol: 'rect',
              symbolSize: [2.5, 20],
              itemStyle: { color: colours.wanted },
              data: bars.map((bar, place) => [bar.wanted ?? null, place]),
              cursor: 'pointer',
            },
          ]
        : []),
      ...(ranges
        ? [
            {
              type: 'custom',
              silent: true,
              z: 5,
              renderItem: whisker(colours.ink),
              encode: { x: [1, 2], y: 0 },
              data: bars.map((bar, place) => [place, bar.low ?? bar.value, bar.high ?? bar.value]),
            },
          ]
        : []),
    ],
  }
}

function shownBy(bar: Bar | undefined, unit: Bars['unit']): string {
  if (!bar) return ''
  const own = figure(bar.value, unit)
  return bar.wanted === undefined ? own : `${own} of ${figure(bar.wanted, unit)}`
}

function said(bar: Bar | undefined, unit: Bars['unit'], word: string): string {
  if (!bar) return ''
  const range =
    bar.low !== undefined && bar.high !== undefined
      ? ` (${figure(bar.low, unit)} to ${figure(bar.high, unit)})`
      : ''
  const name = bar.name.length > 80 ? `${bar.name.slice(0, 79)}…` : bar.name
  return `${name}\n${shownBy(bar, unit)} ${word}${range}`
}

function whisker(colour: string): CustomSeriesRenderItem {
  return (_, api) => {
    const row = Number(api.value(0))
    const [x1 = 0, y = 0] = api.coord([Number(api.value(1)), row])
    const [x2 = 0] = api.coord([Number(api.value(2)), row])
    const style = { stroke: colour, lineWidth: 1.5 }
    const line = (a: number, b: number, c: number, d: number) =>
      ({ type: 'line', shape: { x1: a, y1: b, x2: c, y2: d }, style }) as const
    return {
      type: 'group',
      children: [line(x1, y, x2, y), line(x1, y - 4, x1, y + 4), line(x2, y - 4, x2, y + 4)],
    }
  }
}
