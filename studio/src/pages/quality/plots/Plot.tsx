import { Skeleton, useComputedColorScheme } from '@mantine/core'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef, useState } from 'react'
import { ErrorNote } from '../../../parts/ErrorNote'
import { fetched } from '../../../parts/fetched'
import { type Colours, coloursNow } from './colours'

interface Props {
  /** What it shows, in words, for those who do not see it; the figures stand in a table beside it. */
  label: string
  height: number
  option: (colours: Colours) => EChartsCoreOption
  /** A bar or point was clicked: its place in its series. */
  onPick?: (place: number) => void
}

/** A drawing by ECharts in the colours of the theme; drawn anew when the theme changes. */
export function Plot({ label, height, option, onPick }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<EChartsType | null>(null)
  const [error, setError] = useState<unknown>(null)
  const scheme = useComputedColorScheme('light')
  const pick = useRef(onPick)
  useEffect(() => {
    pick.current = onPick
  })

  useEffect(() => {
    const box = place.current
    if (!box) return
    let made: EChartsType | null = null
    let gone = false
    const watcher = new ResizeObserver(() => made?.resize())
    fetched(() => import('./engine')).then(({ init }) => {
      if (gone) return
      made = init(box, undefined, { renderer: 'canvas' })
      made.on('click', (event) => pick.current?.(event.dataIndex))
      watcher.observe(box)
      setChart(made)
    }, setError)
    return () => {
      gone = true
      watcher.disconnect()
      made?.dispose()
      setChart(null)
    }
  }, [])

  useEffect(() => {
    // the theme is an attribute of the page: it is there before colours are asked for
    if (chart && scheme) chart.setOption({ ...option(coloursNow()), animation: false }, true)
    chart?.resize()
  }, [chart, option, scheme])

  return (
    <div style={{ position: 'relative' }}>
      <ErrorNote error={error} />
      {!chart && !error && <Skeleton height={height} style={{ position: 'absolute', inset: 0 }} />}
      <div
        ref={place}
        role="img"
        aria-label={label}
        style={{ height, width: '100%' }}
        data-drawn={chart !== null}
      />
    </div>
  )
}
