/** What the settings page makes of fields and values: groups, search, a value in words, lists as lines. Pure. */
import type { SettingsProblem } from '../../shared/config.ts'
import type { SettingField } from '../../shared/settingsform.ts'
import type { SettingsJson } from '../../shared/settingsjson.ts'
import { valueAt } from '../../shared/settingsjson.ts'

export interface Group {
  readonly id: string
  readonly title: string
  readonly keys: readonly string[]
}

/** The fields of each group that has any; what belongs to none comes last. */
export function grouped(groups: readonly Group[], fields: readonly SettingField[]): readonly { readonly group: Group; readonly fields: readonly SettingField[] }[] {
  const known = groups.flatMap(({ keys }) => keys)
  const rest = fields.filter(({ top }) => !known.includes(top))
  const inGroups = groups.map((group) => ({ group, fields: group.keys.flatMap((key) => fields.filter(({ top }) => top === key)) }))
  return [...inGroups, { group: { id: 'other', title: 'Other', keys: [] }, fields: rest }].filter((one) => one.fields.length > 0)
}

/** Those that speak of every word, in name, key, help, choices or value. */
export function searchFields(fields: readonly SettingField[], typed: string, values: SettingsJson | null): readonly SettingField[] {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return fields
  return fields.filter((field) => {
    const { title, key, help, kind } = field
    const choices = kind.kind === 'choice' ? kind.choices.map(({ value, does }) => `${value} ${does}`) : kind.kind === 'texts' ? kind.names : []
    const text = [title, key, help, ...choices, JSON.stringify(values === null ? '' : valueAt(values, key) ?? '')].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** One line for a value, such as in "Default: …"; '' for none. */
export function valueWords(value: unknown, none: string): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.length === 0 ? none : value.map(plain).join(', ')
  if (typeof value === 'object') return Object.keys(value).length === 0 ? none : JSON.stringify(value)
  return plain(value)
}

/** For a control: a list is one entry a line. What is no text, number or list (a wrong file) is shown as JSON. */
export function linesOf(value: unknown): string {
  return Array.isArray(value) ? value.map(plain).join('\n') : value === undefined ? '' : plain(value)
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Spaces around and empty lines do not count. */
export function listOf(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '')
}

/** Text as it stands in a number's field: digits become a number, all else stays for the gate to refuse in words. */
export function numberOf(text: string): number | string | undefined {
  const typed = text.trim()
  if (typed === '') return undefined
  return /^-?\d{1,15}$/.test(typed) ? Number(typed) : typed
}

/** The problems at a key or below it. */
export function problemsAt(problems: readonly SettingsProblem[], key: string): readonly SettingsProblem[] {
  return problems.filter(({ path }) => path === key || path.startsWith(`${key}.`))
}

/** What is wrong with no field of the page: unknown keys, sections that are no section. */
export function problemsElsewhere(problems: readonly SettingsProblem[], fields: readonly SettingField[]): readonly SettingsProblem[] {
  return problems.filter(({ path }) => !fields.some(({ key }) => path === key || path.startsWith(`${key}.`)))
}
