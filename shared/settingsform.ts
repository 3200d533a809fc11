/**
 * What the settings page is made from: every key of the schema with its kind, default and help, and the difference between
 * two files key by key. Pure. A file's JSON is handled as it is written, so that keys and their order stay.
 */
import { z } from 'zod'
import { AT_START, settingsSchema } from './config.ts'
import { kindOf } from './settingkinds.ts'
import type { SettingKind } from './settingkinds.ts'

/** What stands in a settings file that is an object at all: unchecked. */
export type SettingsJson = Readonly<Record<string, unknown>>

export interface SettingField {
  /** With dots: "policy.rules". */
  readonly key: string
  /** The top-level key: "policy" for "policy.rules", "hostname" for itself. */
  readonly top: string
  readonly title: string
  readonly help: string
  readonly kind: SettingKind
  /** The schema's own; missing where the value depends on the machine, or nothing is set. */
  readonly default?: unknown
  readonly applies: 'now' | 'start'
}

/** A section of the file: a key whose value is an object, with what it is about. */
export interface SettingSection {
  readonly key: string
  readonly title: string
  readonly help: string
}

/** One key that differs. `before`, `after`: as written; missing where the key is not set. */
export interface SettingChange {
  readonly key: string
  readonly before?: unknown
  readonly after?: unknown
  readonly applies: 'now' | 'start'
}

/** All keys, in the order of the schema. */
export function settingFields(): readonly SettingField[] {
  return Object.entries(settingsSchema.shape).flatMap(([top, schema]) => {
    const below = shapeOf(schema)
    if (below === null) return [fieldOf(top, top, schema)]
    return Object.entries(below).map(([name, inner]) => fieldOf(`${top}.${name}`, top, inner))
  })
}

export function settingSections(): readonly SettingSection[] {
  return Object.entries(settingsSchema.shape).flatMap(([key, schema]) => (shapeOf(schema) === null ? [] : [{ key, ...aboutOf(key, schema) }]))
}

export function appliesTo(key: string): 'now' | 'start' {
  const top = key.split('.')[0] ?? ''
  return (AT_START as readonly string[]).includes(top) ? 'start' : 'now'
}

function fieldOf(key: string, top: string, schema: z.core.$ZodType): SettingField {
  const kind = kindOf(schema)
  if (kind === null) throw new Error(`the settings page cannot ask for ${key}`)
  const preset = defaultOf(schema)
  return { key, top, ...aboutOf(key, schema), kind, ...(preset === undefined ? {} : { default: preset }), applies: appliesTo(key) }
}

function aboutOf(key: string, schema: z.core.$ZodType): { readonly title: string; readonly help: string } {
  const meta = z.globalRegistry.get(schema)
  return { title: meta?.title ?? key, help: meta?.description ?? '' }
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | null {
  if (schema instanceof z.ZodObject) return schema.shape
  const { def } = schema._zod
  return 'innerType' in def ? shapeOf(def.innerType as z.core.$ZodType) : null
}

function defaultOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
}

/** The value at "policy.rules"; undefined where it, or the way to it, is missing. */
export function valueAt(json: SettingsJson, key: string): unknown {
  let at: unknown = json
  for (const part of key.split('.')) at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined
  return at
}

/** A copy with this value there; undefined takes the key out, and its section if nothing else was in it. Other keys and their order stay. */
export function withValue(json: SettingsJson, key: string, value: unknown): SettingsJson {
  const [first = '', ...rest] = key.split('.')
  const own = Object.hasOwn(json, first) ? json[first] : undefined
  const next = rest.length === 0 ? value : withValue(isObject(own) ? own : {}, rest.join('.'), value)
  const empty = next === undefined || (rest.length > 0 && value === undefined && isObject(next) && Object.keys(next).length === 0)
  if (!empty) return { ...json, [first]: next }
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== first))
}

/** Key by key (reply texts: finding by finding); an unknown key as a whole. What is written differently but means the same is no change: an empty section, the order of keys. */
export function settingChanges(before: SettingsJson, after: SettingsJson): readonly SettingChange[] {
  const keys = new Set([...leaves(before), ...leaves(after)])
  const order = settingFields().map(({ key }) => key)
  const place = (key: string) => {
    const at = order.findIndex((known) => key === known || key.startsWith(`${known}.`))
    return at < 0 ? order.length : at
  }
  return [...keys].sort((a, b) => place(a) - place(b)).flatMap((key) => {
    const [was, is] = [valueAt(before, key), valueAt(after, key)]
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    return [{ key, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }), applies: appliesTo(key) }]
  })
}

function leaves(json: SettingsJson, prefix = ''): string[] {
  return Object.entries(json).flatMap(([name, value]) => {
    const key = `${prefix}${name}`
    if (value === undefined || name.includes('.')) return []
    return isObject(value) ? leaves(value, `${key}.`) : [key]
  })
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
