// Line drawings of the studio, 16 px; decoration beside words, so hidden from screen readers.

const paths = {
  projects: 'M2 4.5h4l1.5 2H14v6.5H2z',
  recipes: 'M4 2h8v12H4zM6 5h4M6 8h4M6 11h2',
  templates: 'M2.5 3h11v10h-11zM2.5 6h11M6 6v7',
  runs: 'M4.5 3l8 5-8 5z',
  augment: 'M3 13L11 5M9.5 3.5l3 3M4 3v3M2.5 4.5h3M12 10v3M10.5 11.5h3',
  review: 'M2.5 4.5l1 1 2-2M2.5 10.5l1 1 2-2M8 4.5h6M8 11h6',
  tasks: 'M3 3h10v10H3zM5.5 8l2 2 3.5-4',
  datasets: 'M3 4c0-1 2-2 5-2s5 1 5 2-2 2-5 2-5-1-5-2zM3 4v8c0 1 2 2 5 2s5-1 5-2V4M3 8c0 1 2 2 5 2s5-1 5-2',
  quality: 'M2.5 13.5h11M4 11V7M8 11V3M12 11V5.5',
  connections:
    'M6 10l4-4M7 4l1.5-1.5a3 3 0 014.5 4.5L11.5 8.5M9 12l-1.500 1.500a3 3 0 01-4.500-4.500L4.500 7.500',
  settings: 'M2 4.500h6M12 4.500h2M2 11.500h2M8 11.500h6M10 2.500v4M6 9.500v4',
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  search: 'M7 2.500a4.500 4.500 0 100 9 4.500 4.500 0 000-9zM10.500 10.500L14 14',
  sun: 'M8 5a3 3 0 100 6 3 3 0 000-6zM8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.500 3.500l.7.7M11.800 11.800l.7.7M12.500 3.500l-.7.7M4.200 11.800l-.7.7',
  moon: 'M13 9.500A5.500 5.500 0 116.500 3a4.500 4.500 0 006.500 6.500z',
  menu: 'M2.500 4h11M2.500 8h11M2.500 12h11',
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  down: 'M4 6l4 4 4-4',
  grip: 'M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01',
  back: 'M10 3L5 8l5 5',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  download: 'M8 2.500v8M4.500 7L8 10.500 11.500 7M3 13.500h10',
  upload: 'M8 10.500v-8M4.500 6L8 2.500 11.500 6M3 13.500h10',
  edit: 'M3 13l.7-3L11 2.700l2.300 2.300L6 12.300z',
  trash: 'M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.5 9h6l.5-9',
  undo: 'M5.500 3L2.500 6l3 3M2.500 6H10a3.500 3.500 0 010 7H6',
  tag: 'M2.500 2.500h5l6 6-5 5-6-6zM5.500 5.500h.01',
  out: 'M9 3H3v10h6M7 8h7M11.500 5.500L14 8l-2.500 2.500',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' || name === 'grip' ? 2 : 1.3}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}
