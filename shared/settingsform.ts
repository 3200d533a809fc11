/**
 * What the settings page is made from: every key of the schema with its kind, default and help, and the difference between
 * two files key by key. Pure.
 */
import { z } from 'zod'
import { AT_START, settingsSchema } from './config.ts'
import { kindOf, shapeOf } from './settingkinds.ts'
import type { SettingKind } from './settingkinds.ts'
import { changedKeys, valueAt } from './settingsjson.ts'
import type { SettingsJson } from './settingsjson.ts'

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

function defaultOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
}

/** Key by key (reply texts: finding by finding), in the order of the schema; an unknown key as a whole. */
export function settingChanges(before: SettingsJson, after: SettingsJson): readonly SettingChange[] {
  const order = settingFields().map(({ key }) => key)
  const place = (key: string) => {
    const at = order.findIndex((known) => key === known || key.startsWith(`${known}.`))
    return at < 0 ? order.length : at
  }
  return [...changedKeys(before, after)].sort((a, b) => place(a) - place(b)).map((key) => {
    const [was, is] = [valueAt(before, key), valueAt(after, key)]
    return { key, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }), applies: appliesTo(key) }
  })
}
