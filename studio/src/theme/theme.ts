import {
  ActionIcon,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  InputWrapper,
  type MantineColorsTuple,
  Modal,
} from '@mantine/core'

const pine: MantineColorsTuple = [
  '#ecf4f2',
  '#d6e6e2',
  '#b3d0c9',
  '#8cb8ae',
  '#64a092',
  '#3f8477',
  '#2f6b60',
  '#285c53',
  '#204b44',
  '#183a34',
]

const clay: MantineColorsTuple = [
  '#faeeea',
  '#f3d8d0',
  '#e8b7a9',
  '#dc9482',
  '#cb7058',
  '#c05f47',
  '#b4533c',
  '#a34831',
  '#863a27',
  '#692d1e',
]

const stone: MantineColorsTuple = [
  '#f5f3ee',
  '#f3f1ec',
  '#e7e4dc',
  '#dcd8ce',
  '#cfcabd',
  '#b3ae9f',
  '#8f8b80',
  '#6a6659',
  '#45423a',
  '#1f1e1a',
]

const night: MantineColorsTuple = [
  '#ece9e0',
  '#c9c5b9',
  '#aaa597',
  '#7d796d',
  '#4a473f',
  '#36342e',
  '#22211d',
  '#1b1a17',
  '#161512',
  '#100f0d',
]

/** Lists of choices scroll by themselves: the list belongs to its field, which has the keyboard. */
const list = {
  withScrollArea: false,
  styles: { options: { maxHeight: 260, overflowY: 'auto' } },
  comboboxProps: { transitionProps: { duration: 0 } },
} as const

/** Mantine, dressed in the studio's tokens (`tokens.css`). */
export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: 6,
  colors: { pine, red: clay, gray: stone, dark: night },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13.5px', md: '13.5px', lg: '16px', xl: '19px' },
  lineHeights: { xs: '1.4', sm: '1.5', md: '1.5', lg: '1.65', xl: '1.35' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '19px', lineHeight: '1.35' },
      h2: { fontSize: '15px', lineHeight: '1.4' },
      h3: { fontSize: '13.5px', lineHeight: '1.5' },
    },
  },
  defaultRadius: 6,
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  shadows: { xs: 'none', sm: 'none', md: '0 4px 16px rgb(0 0 0 / 0.08)', lg: '0 4px 16px rgb(0 0 0 / 0.08)' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { label: { fontWeight: 550 } } },
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Badge: { defaultProps: { tt: 'none', fw: 500 } },
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        shadow: 'none',
        overlayProps: { backgroundOpacity: 0.25 },
        transitionProps: { transition: 'fade', duration: 100 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        position: 'right',
        overlayProps: { backgroundOpacity: 0.15 },
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    InputWrapper: InputWrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] },
    }),
    Portal: { defaultProps: { target: '#layers' } },
    // Its placeholder for the focus is no child that a menu may have; the first entry has the focus without it.
    Menu: { defaultProps: { transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false } },
    Select: { defaultProps: { allowDeselect: false, ...list } },
    Autocomplete: { defaultProps: list },
    MultiSelect: { defaultProps: list },
    TagsInput: { defaultProps: list },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 80 } } },
    Table: { defaultProps: { verticalSpacing: 8 } },
  },
})

/** Mantine's own variables, all pointing at tokens, so that both themes are one list. */
export const variables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--sb-paper)',
    '--mantine-color-text': 'var(--sb-ink)',
    '--mantine-color-dimmed': 'var(--sb-soft)',
    '--mantine-color-placeholder': 'var(--sb-soft)',
    '--mantine-color-anchor': 'var(--sb-approve-ink)',
    '--mantine-color-error': 'var(--sb-decline-ink)',
    '--mantine-color-default': 'var(--sb-panel)',
    '--mantine-color-default-hover': 'var(--sb-hover)',
    '--mantine-color-default-color': 'var(--sb-ink)',
    '--mantine-color-default-border': 'var(--sb-line)',
    '--mantine-color-disabled': 'var(--sb-side)',
    '--mantine-color-disabled-color': 'var(--sb-soft)',
    '--mantine-primary-color-filled': 'var(--sb-pine)',
    '--mantine-primary-color-filled-hover': 'var(--sb-pine-hover)',
    '--mantine-color-pine-filled': 'var(--sb-pine)',
    '--mantine-color-pine-filled-hover': 'var(--sb-pine-hover)',
    '--mantine-color-pine-text': 'var(--sb-approve-ink)',
    '--mantine-color-pine-light': 'var(--sb-pine-tint)',
    '--mantine-color-pine-light-hover': 'var(--sb-pine-tint)',
    '--mantine-color-pine-light-color': 'var(--sb-approve-ink)',
    '--mantine-color-pine-outline': 'var(--sb-approve)',
    '--mantine-color-red-text': 'var(--sb-decline-ink)',
    '--mantine-color-red-light': 'var(--sb-decline-tint)',
    '--mantine-color-red-light-hover': 'var(--sb-decline-tint)',
    '--mantine-color-red-light-color': 'var(--sb-decline-ink)',
    '--mantine-color-gray-text': 'var(--sb-soft)',
    '--mantine-color-gray-light': 'var(--sb-side)',
    '--mantine-color-gray-light-hover': 'var(--sb-hover)',
    '--mantine-color-gray-light-color': 'var(--sb-ink)',
  }
  return { variables: {}, light: shared, dark: shared }
}
