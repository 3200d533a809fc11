/**
 * The kinds of value that a settings file holds: each one checks what is typed, says what was expected, and tells the
 * settings page how to ask for it (`kindOf`). The schema in config.ts is put together from these.
 */
import { z } from 'zod'
import { parseCidr, parseEndpoint, parseMailDomain } from './net/parse.ts'

export type TextFormat = 'endpoint' | 'server' | 'network' | 'domain' | 'hostname' | 'path' | 'url' | 'mail' | 'words'

/** How one value is asked for. `expected`: completes "expected …". */
export type SettingKind =
  | { readonly kind: 'text'; readonly format: TextFormat; readonly expected: string }
  | { readonly kind: 'whole'; readonly unit: string; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly choices: readonly { readonly value: string; readonly does: string }[] }
  | { readonly kind: 'list'; readonly of: TextFormat; readonly expected: string; readonly mayBeEmpty: boolean }
  /** A text for each of these names, with fields such as {client} filled in. */
  | { readonly kind: 'texts'; readonly names: readonly string[]; readonly fields: readonly string[]; readonly expected: string }

const kinds = z.registry<SettingKind>()

/** Of a schema as it stands in the settings, whatever is wrapped around it; null for a section. */
export function kindOf(schema: z.core.$ZodType): SettingKind | null {
  const known = kinds.get(schema)
  if (known !== undefined) return known
  const { def } = schema._zod
  return 'innerType' in def ? kindOf(def.innerType as z.core.$ZodType) : null
}

/** The keys of a section with their schemas; null for a single value. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | null {
  if (schema instanceof z.ZodObject) return schema.shape
  const { def } = schema._zod
  return 'innerType' in def ? shapeOf(def.innerType as z.core.$ZodType) : null
}

const words = (expected: string) => z.string({ error: `expected ${expected}` })

const checked = (format: TextFormat, expected: string, ok: (value: string) => boolean) =>
  words(expected).refine(ok, { error: `expected ${expected}` }).register(kinds, { kind: 'text', format, expected })

export const endpoint = checked('endpoint', 'an address with port, such as "127.0.0.1:25" or "[::1]:25"', (value) => parseEndpoint(value) !== null)
export const serverEndpoint = checked('server', 'a host or address with port, such as "127.0.0.1:2526"', (value) => parseEndpoint(value, { names: true }) !== null)
export const cidr = checked('network', 'an address or network, such as "192.0.2.0/24" (host bits zero)', (value) => parseCidr(value) !== null)
export const domain = checked('domain', 'a domain, such as "shop.example" or "*.shop.example"', (value) => parseMailDomain(value) !== null)
export const hostname = checked('hostname', 'a host name, such as "mx.shop.example"', (value) => parseMailDomain(value)?.below === false)
export const filePath = checked('path', 'a file path', (value) => value !== '' && !value.includes('\0'))
export const httpUrl = checked('url', 'an http or https address', (value) => /^https?:\/\/[^\s/?#@"<>]+[^\s"<>]*$/.test(value))
/** Pages have their addresses below it. */
export const baseUrl = checked('url', 'an http or https address without "?" or "#", such as "https://help.shop.example"', (value) => /^https?:\/\/[^\s/?#@"<>]+[^\s"<>?#]*$/.test(value))
export const mailAddress = checked('mail', 'a mail address', (value) => /^[^\s<>@]+@[^\s<>@]+$/.test(value))

/** One line of free text. A name, a telephone number: it ends up in mails and pages, so it holds no control characters. */
export const line = (expected: string) => checked('words', expected, (value) => value.length <= 500 && !/\p{Cc}/u.test(value))

export const whole = (unit: string, min: number, max: number) => {
  const error = `expected a whole number of ${unit} from ${min} to ${max}`
  return z.int({ error }).min(min, { error }).max(max, { error }).register(kinds, { kind: 'whole', unit, min, max })
}

/** `does`: each value with what it does. */
export const choice = <const T extends string>(does: Readonly<Record<T, string>>) => {
  const values = Object.keys(does) as T[]
  return z.enum(values as [T, ...T[]], { error: `expected one of ${values.map((value) => `"${value}"`).join(', ')}` })
    .register(kinds, { kind: 'choice', choices: values.map((value) => ({ value, does: does[value] })) })
}

/** `expected`: in the plural. `least`: what an empty list lacks, where it may not be empty. */
export const list = <T extends z.ZodType<string, string>>(of: T, expected: string, least?: string) => {
  const known = kindOf(of)
  const array = z.array(of, { error: `expected a list of ${expected}` })
  const bounded = least === undefined ? array : array.min(1, { error: `expected at least one ${least}` })
  return bounded.register(kinds, { kind: 'list', of: known?.kind === 'text' ? known.format : 'words', expected, mayBeEmpty: least === undefined })
}

const MAX_REPLY = 400

/** One line of ASCII per name, for the SMTP dialogue (RFC 5321 §4.2). */
export const replyTexts = <const T extends string>(names: readonly T[], fields: readonly string[]) => {
  const expected = `one line of printable ASCII, at most ${MAX_REPLY} characters, with fields from {${fields.join('} {')}}`
  const fits = (value: string) =>
    value.length <= MAX_REPLY && /^[\x20-\x7e]+$/.test(value) && [...value.matchAll(/\{([^{}]*)\}/g)].every((match) => fields.includes(match[1] ?? ''))
  return z.partialRecord(z.enum(names), words(expected).refine(fits, { error: `expected ${expected}` }), {
    error: (issue) => (issue.code === 'invalid_type' ? 'expected an object with a text per finding' : `unknown finding; known: ${names.join(', ')}`),
  }).register(kinds, { kind: 'texts', names, fields, expected })
}

export const section = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: () => `expected an object with ${Object.keys(shape).join(', ')}`,
  })
