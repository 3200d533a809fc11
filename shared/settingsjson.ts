/**
 * A settings file's JSON as it is written, unchecked: values at keys with dots, and which keys differ. Other keys and their
 * order stay as they are. Knows nothing of the schema, so that the page can use it without carrying it.
 */

/** What stands in a settings file that is an object at all. */
export type SettingsJson = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is SettingsJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at "policy.rules"; undefined where it, or the way to it, is missing. */
export function valueAt(json: SettingsJson, key: string): unknown {
  let at: unknown = json
  for (const part of key.split('.')) at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined
  return at
}

/** A copy with this value there; undefined takes the key out, and its section if nothing else was in it. */
export function withValue(json: SettingsJson, key: string, value: unknown): SettingsJson {
  const [first = '', ...rest] = key.split('.')
  const own = Object.hasOwn(json, first) ? json[first] : undefined
  const next = rest.length === 0 ? value : withValue(isObject(own) ? own : {}, rest.join('.'), value)
  const empty = next === undefined || (rest.length > 0 && value === undefined && isObject(next) && Object.keys(next).length === 0)
  if (!empty) return { ...json, [first]: next }
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== first))
}

/** The keys (down to what is no object) whose values differ. What is written differently but means the same is no change: an empty section, the order of keys. */
export function changedKeys(before: SettingsJson, after: SettingsJson): readonly string[] {
  const keys = new Set([...leaves(before), ...leaves(after)])
  return [...keys].filter((key) => JSON.stringify(valueAt(before, key)) !== JSON.stringify(valueAt(after, key)))
}

/** What was changed from `before` to `after`, done to `onto`: for a file that somebody else has changed meanwhile. */
export function rebased(before: SettingsJson, after: SettingsJson, onto: SettingsJson): SettingsJson {
  return changedKeys(before, after).reduce((json, key) => withValue(json, key, valueAt(after, key)), onto)
}

function leaves(json: SettingsJson, prefix = ''): string[] {
  return Object.entries(json).flatMap(([name, value]) => {
    if (value === undefined) return []
    return isObject(value) && !name.includes('.') ? leaves(value, `${prefix}${name}.`) : [`${prefix}${name}`]
  })
}
