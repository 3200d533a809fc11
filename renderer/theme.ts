/**
 * Design tokens, all of them: colours for light and dark, type, sizes. They reach the page as one constructed style
 * sheet, which a strict `style-src 'self'` allows, where Mantine would insert a style element.
 */
import { convertCssVariables, createTheme, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import type { MantineColorsTuple } from '@mantine/core'

/** The one accent colour. */
const accent: MantineColorsTuple = ['#eef3ff', '#dbe6fe', '#b9cffc', '#93b4f8', '#6f9af3', '#4f80e8', '#3b6cda', '#2f5bd0', '#274cb0', '#1e3a87']

/** Red is only for what needs the admin. */
export const light = {
  ground: '#f7f7f5', surface: '#ffffff', sunken: '#f1f1ee', hover: '#f4f5f8', line: '#e3e3df', strong: '#c9cac6',
  text: '#1b1d21', dim: '#5b6068', accent: '#2750bd', 'accent-soft': '#e6edfd', 'accent-line': '#2f5bd0', danger: '#b3251a', 'danger-soft': '#fdeceb', shadow: '0 8px 28px rgb(20 22 30 / 14%)',
}
const dark: typeof light = {
  ground: '#121316', surface: '#181a1e', sunken: '#0e0f11', hover: '#1f2227', line: '#2a2d33', strong: '#41454d',
  text: '#e5e7ea', dim: '#9da3ac', accent: '#93b4f8', 'accent-soft': '#1c2a4a', 'accent-line': '#6f9af3', danger: '#ff8d80', 'danger-soft': '#3b1a18', shadow: '0 8px 28px rgb(0 0 0 / 55%)',
}

const SANS = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif'
const MONO = 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'

/** Height of a row in the lists, px; the style sheet and the windowing must agree. */
export const ROW_HEIGHT = 34

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
})

const prefixed = (tokens: Record<string, string>) => Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--porch-${name}`, value]))

/** Mantine's own colours follow ours. */
const mantineColours = {
  '--mantine-color-body': 'var(--porch-surface)', '--mantine-color-text': 'var(--porch-text)', '--mantine-color-dimmed': 'var(--porch-dim)', '--mantine-color-default': 'var(--porch-surface)',
  '--mantine-color-default-hover': 'var(--porch-hover)', '--mantine-color-default-border': 'var(--porch-strong)', '--mantine-color-placeholder': 'var(--porch-dim)',
  '--mantine-color-error': 'var(--porch-danger)', '--mantine-color-anchor': 'var(--porch-accent)',
}

function styleText(): string {
  const full = mergeMantineTheme(DEFAULT_THEME, theme)
  const base = defaultCssVariablesResolver(full)
  return convertCssVariables(
    {
      variables: { ...base.variables, '--porch-row': `${ROW_HEIGHT}px`, '--porch-mono': MONO },
      light: { ...base.light, ...mantineColours, ...prefixed(light) },
      dark: { ...base.dark, ...mantineColours, ...prefixed(dark) },
    },
    ':root',
  )
}

/** Puts the tokens into the document; before the first render. */
export function applyTheme(): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(styleText())
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}
