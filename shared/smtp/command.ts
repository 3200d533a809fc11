/**
 * Reads one command line (RFC 5321 §4.1.1 and the extensions the gate offers). Nothing here knows what may come when:
 * that is session.ts. A malformed command keeps its verb, so that a wrong order can be told from a wrong form.
 */
import type { Reply } from './codes.ts'
import { REPLIES } from './codes.ts'
import { MAX_PLAIN_LINE } from './lines.ts'
import { utf8Text } from './octets.ts'
import { readParameters, readPath } from './path.ts'
import type { ReadParameters } from './path.ts'

export const VERBS = ['EHLO', 'HELO', 'STARTTLS', 'MAIL', 'RCPT', 'DATA', 'RSET', 'NOOP', 'VRFY', 'EXPN', 'HELP', 'QUIT'] as const
export type Verb = (typeof VERBS)[number]

/** Which extensions the gate offers now; those it does not offer are unknown parameters. */
export interface Offered {
  readonly eightBitMime: boolean
  readonly smtpUtf8: boolean
  readonly dsn: boolean
}

/** `parameters`: as they stood, validated, for the backend. `path`: '' for the null reverse-path. */
export type Command =
  | { readonly kind: 'greet'; readonly verb: 'EHLO' | 'HELO'; readonly name: string }
  | { readonly kind: 'mail'; readonly verb: 'MAIL'; readonly path: string; readonly parameters: readonly string[]; readonly size: number | null; readonly smtpUtf8: boolean }
  | { readonly kind: 'rcpt'; readonly verb: 'RCPT'; readonly path: string; readonly parameters: readonly string[] }
  | { readonly kind: 'plain'; readonly verb: Exclude<Verb, 'EHLO' | 'HELO' | 'MAIL' | 'RCPT'> }
  | { readonly kind: 'malformed'; readonly verb: Verb; readonly reply: Reply }
  | { readonly kind: 'unknown'; readonly reply: Reply }
  | { readonly kind: 'http' }
  | { readonly kind: 'proxy' }

const HTTP = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|TRACE|PATCH|PRI) \S+ HTTP\/|^(GET|HEAD|POST|PUT|OPTIONS|CONNECT|PATCH|TRACE)( |$)|^Host: /i
const KNOWN_ELSEWHERE = new Set(['AUTH', 'BDAT', 'TURN', 'ETRN', 'ATRN', 'SEND', 'SOML', 'SAML', 'BURL'])

/** `text`: the line without CRLF, octets as characters. `utf8`: MAIL of this transaction had SMTPUTF8. */
export function readCommand(text: string, offered: Offered, utf8: boolean): Command {
  const space = text.indexOf(' ')
  const word = (space < 0 ? text : text.slice(0, space)).toUpperCase()
  const argument = space < 0 ? '' : text.slice(space + 1).replace(/^ +| +$/g, '')
  const verb = VERBS.find((known) => known === word)
  if (verb === undefined) return unknown(text, word)
  if (text.length + 2 > MAX_PLAIN_LINE && verb !== 'MAIL' && verb !== 'RCPT') return malformed(verb, REPLIES.lineTooLong)
  switch (verb) {
    case 'EHLO':
    case 'HELO':
      return { kind: 'greet', verb, name: argument }
    case 'MAIL':
      return readMail(argument, text.length, offered)
    case 'RCPT':
      return readRcpt(argument, text.length, offered, utf8)
    case 'NOOP':
    case 'VRFY':
    case 'EXPN':
    case 'HELP':
      return { kind: 'plain', verb }
    case 'STARTTLS':
    case 'DATA':
    case 'RSET':
    case 'QUIT':
      return argument === '' ? { kind: 'plain', verb } : malformed(verb, REPLIES.syntax)
  }
}

function unknown(text: string, word: string): Command {
  if (HTTP.test(text)) return { kind: 'http' }
  if (word === 'PROXY') return { kind: 'proxy' }
  if (text.length + 2 > MAX_PLAIN_LINE) return { kind: 'unknown', reply: REPLIES.lineTooLong }
  if (text.trim() === '') return { kind: 'unknown', reply: REPLIES.emptyCommand }
  return { kind: 'unknown', reply: KNOWN_ELSEWHERE.has(word) ? REPLIES.notImplemented : REPLIES.unknownCommand }
}

function malformed(verb: Verb, reply: Reply): Command {
  return { kind: 'malformed', verb, reply }
}

/** The path and the parameters after "FROM:" or "TO:". */
function readArgument(argument: string, keyword: RegExp, length: number): { readonly path: string; readonly parameters: ReadParameters } | 'path' | 'parameter' | 'long' {
  const match = keyword.exec(argument)
  const path = match === null ? null : readPath(argument.slice(match[0].length))
  if (path === null) return 'path'
  if (path.rest === '' && length + 2 > MAX_PLAIN_LINE) return 'long'
  const parameters = readParameters(path.rest)
  return parameters === null ? 'parameter' : { path: path.address, parameters }
}

function readMail(argument: string, length: number, offered: Offered): Command {
  const read = readArgument(argument, /^FROM:/i, length)
  if (read === 'path') return malformed('MAIL', REPLIES.badSender)
  if (read === 'long') return malformed('MAIL', REPLIES.lineTooLong)
  if (read === 'parameter') return malformed('MAIL', REPLIES.badParameter)
  const { values, texts } = read.parameters
  for (const [keyword, value] of values) {
    const fits = MAIL_PARAMETERS[keyword]?.(value, offered)
    if (fits === undefined) return malformed('MAIL', REPLIES.unknownParameter)
    if (!fits) return malformed('MAIL', REPLIES.badParameter)
  }
  const smtpUtf8 = values.has('SMTPUTF8')
  const path = checkedAddress(read.path, smtpUtf8)
  if (path === 'needs-utf8') return malformed('MAIL', REPLIES.needsUtf8)
  if (path === null || (path.address !== '' && !path.address.includes('@'))) return malformed('MAIL', REPLIES.badSender)
  const size = values.get('SIZE') ?? null
  return { kind: 'mail', verb: 'MAIL', path: path.address, parameters: texts, size: size === null ? null : Number(size), smtpUtf8 }
}

function readRcpt(argument: string, length: number, offered: Offered, utf8: boolean): Command {
  const read = readArgument(argument, /^TO:/i, length)
  if (read === 'path') return malformed('RCPT', REPLIES.badRecipient)
  if (read === 'long') return malformed('RCPT', REPLIES.lineTooLong)
  if (read === 'parameter') return malformed('RCPT', REPLIES.badParameter)
  const { values, texts } = read.parameters
  for (const [keyword, value] of values) {
    const fits = RCPT_PARAMETERS[keyword]?.(value, offered)
    if (fits === undefined) return malformed('RCPT', REPLIES.unknownParameter)
    if (!fits) return malformed('RCPT', REPLIES.badParameter)
  }
  const path = checkedAddress(read.path, utf8)
  if (path === 'needs-utf8') return malformed('RCPT', REPLIES.needsUtf8)
  // RFC 5321 §4.1.1.3: of all addresses without a domain only postmaster is one.
  if (path === null || !(path.address.includes('@') || path.address.toLowerCase() === 'postmaster')) return malformed('RCPT', REPLIES.badRecipient)
  return { kind: 'rcpt', verb: 'RCPT', path: path.address, parameters: texts }
}

function checkedAddress(octets: string, utf8: boolean): { readonly address: string } | 'needs-utf8' | null {
  if (/^[\x20-\x7e]*$/.test(octets)) return { address: octets }
  if (!utf8) return 'needs-utf8'
  const text = utf8Text(octets)
  // Line and paragraph separators and C1 controls are no part of an address anywhere.
  return text === null || /[\x80-\x9f\u2028\u2029]/.test(text) ? null : { address: text }
}

type Check = (value: string | null, offered: Offered) => boolean | undefined

/** Undefined: not offered, so unknown. xtext: RFC 3461 §4. */
const XTEXT = /^(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e]|\+[0-9A-F]{2})+$/
const MAIL_PARAMETERS: Readonly<Partial<Record<string, Check>>> = {
  // RFC 1870 §3
  SIZE: (value) => value !== null && /^\d{1,20}$/.test(value),
  // RFC 6152 §2
  BODY: (value, offered) => {
    const kind = value?.toUpperCase()
    return kind === '8BITMIME' && !offered.eightBitMime ? undefined : kind === '7BIT' || kind === '8BITMIME'
  },
  // RFC 6531 §3.4
  SMTPUTF8: (value, offered) => (offered.smtpUtf8 ? value === null : undefined),
  // RFC 3461 §4.3, §4.4
  RET: (value, offered) => (offered.dsn ? value !== null && /^(FULL|HDRS)$/i.test(value) : undefined),
  ENVID: (value, offered) => (offered.dsn ? value !== null && value.length <= 100 && XTEXT.test(value) : undefined),
}
const RCPT_PARAMETERS: Readonly<Partial<Record<string, Check>>> = {
  // RFC 3461 §4.1, §4.2
  NOTIFY: (value, offered) => (offered.dsn ? value !== null && /^(NEVER|(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY)){0,2})$/i.test(value) : undefined),
  ORCPT: (value, offered) => {
    if (!offered.dsn) return undefined
    const [type = '', ...rest] = (value ?? '').split(';')
    return value !== null && value.length <= 500 && /^[A-Za-z0-9-]+$/.test(type) && rest.length > 0 && XTEXT.test(rest.join(';'))
  },
}
