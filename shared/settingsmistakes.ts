/** The words for what stands wrongly in a settings file: what was probably meant, and what was found. Pure, and discreet: what may be a secret is not repeated, for these lines go to the log. */
import { visibleText } from './net/safetext.ts'
import { nearest } from './nearest.ts'

/** A section with so many keys or fewer is told whole. */
const FEW = 8
const SHOWN = 60

/** `known`: the keys where it stands. `sections`: every section with its keys. */
export function unknownKey(key: string, known: readonly string[], sections: Readonly<Record<string, readonly string[]>>): string {
  const near = nearest(key, known)
  if (near !== null) return `unknown key; did you mean "${near}"?`
  const elsewhere = Object.entries(sections).flatMap(([section, keys]) => (keys.includes(key) ? [`"${section}.${key}"`] : []))
  if (elsewhere.length > 0) return `unknown key; did you mean ${elsewhere.slice(0, 3).join(' or ')}?`
  if (known.length <= FEW) return `unknown key; known here: ${known.join(', ')}`
  return `unknown key; known here: ${known.slice(0, FEW).join(', ')} and ${known.length - FEW} more`
}

/** "; found …" for a value that is not what was expected; '' where nothing is, or where it may be a secret. */
export function foundText(json: unknown, path: string): string {
  const value = path === '' ? json : path.split('.').reduce<unknown>((at, part) => (typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Record<string, unknown>)[part] : undefined), json)
  if (value === undefined) return ''
  if (Array.isArray(value)) return '; found a list'
  if (typeof value === 'object' && value !== null) return '; found an object'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (path.startsWith('notices.') || /[@]|pass|secret|token/i.test(text)) return ''
  return `; found ${typeof value === 'string' ? `"${visibleText(text, SHOWN)}"` : text}`
}
