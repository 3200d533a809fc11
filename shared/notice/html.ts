/**
 * HTML written so that nothing from outside becomes markup: a tagged template whose values are escaped unless they are
 * Html already. For the public help page, whose every name was chosen by a stranger.
 */
import { visibleText } from '../net/safetext.ts'

/** Markup of our own making. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | Html | readonly Html[] | null

/** Strings and numbers are escaped (what is invisible in them is made visible), null is nothing, lists stand one after another. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, at) => part + (at < values.length ? markup(values[at] ?? null) : '')).join(''))
}

function markup(value: Value): string {
  if (value === null) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map((each) => each.text).join('')
  return escapeHtml(String(value))
}

export function escapeHtml(text: string): string {
  // Line by line: a line end of our own stays one.
  return text.split('\n').map((line) => visibleText(line)).join('\n').replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}
