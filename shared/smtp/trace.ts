/**
 * The two header fields the gate adds to a message: Received (RFC 5321 §4.4) and Authentication-Results
 * (RFC 8601). Promises: whatever a client says, the result is exactly these two fields, printable ASCII, each
 * line ended by CRLF and at most 78 octets long where it can be folded. Its counterpart, the filter that takes
 * forged results out of the message, is exported here too.
 */
import { zonedTime } from '../calendar.ts'
import type { Iprev } from '../events.ts'
import { isHostName } from '../net/domain.ts'
import { parseAddress } from '../net/ip.ts'

export interface TraceInput {
  /** The gate's own name: the "by" of Received and our authserv-id. */
  readonly hostname: string
  readonly sessionId: string
  /** Canonical address of the client. */
  readonly client: string
  /** As the client said it: any octets. */
  readonly ehlo: string
  readonly verifiedName: string | null
  /** Null: not gathered (an exempt client). */
  readonly iprev: Iprev | null
  readonly protocol: 'SMTP' | 'ESMTP'
  readonly tls: boolean
  /** Whether MAIL had SMTPUTF8 (RFC 6531 §4.3). */
  readonly smtpUtf8: boolean
  /** Recipients of this transaction so far accepted, without brackets; named only if there is exactly one. */
  readonly recipients: readonly string[]
  /** ms since 1970. */
  readonly at: number
}

export { createHeaderFilter } from './headerfilter.ts'

/** Both fields with their line ends, ready to stand in front of the message (no line of them begins with a dot). */
export function traceHeaders(input: TraceInput): string {
  return received(input) + authenticationResults(input)
}

function received(input: TraceInput): string {
  const literal = addressLiteral(input.client)
  const name = input.verifiedName === null ? 'unknown' : atomText(input.verifiedName)
  const only = input.recipients.length === 1 ? recipientText(input.recipients[0] ?? '') : null
  return fold([
    'Received: from',
    greetingText(input.ehlo),
    `(${name}`,
    `${literal})`,
    `by ${atomText(input.hostname)}`,
    `with ${protocolText(input)}`,
    `id ${atomText(input.sessionId)}${only === null ? ';' : ''}`,
    ...(only === null ? [] : [`for <${only}>;`]),
    zonedTime(input.at, UTC),
  ])
}

/** RFC 8601 §2.7.3 and §3: iprev with the address it is about; the name, if one is verified, as a comment. */
function authenticationResults(input: TraceInput): string {
  const head = ['Authentication-Results:', `${atomText(input.hostname)};`]
  if (input.iprev === null) return fold([...head, 'none'])
  const value = input.client.includes(':') ? `"${atomText(input.client, ':')}"` : atomText(input.client)
  const comment = input.verifiedName === null ? [] : [`(${atomText(input.verifiedName)})`]
  return fold([...head, `iprev=${input.iprev}`, `policy.iprev=${value}`, ...comment])
}

/** RFC 3848, RFC 6531 §4.3. TLS is only named with ESMTP: there is no word for the rest. */
function protocolText(input: TraceInput): string {
  if (input.protocol === 'SMTP') return 'SMTP'
  return `${input.smtpUtf8 ? 'UTF8SMTP' : 'ESMTP'}${input.tls ? 'S' : ''}`
}

/** A host name or an address literal as said; anything else with every special octet as "?". */
function greetingText(ehlo: string): string {
  if (isHostName(ehlo)) return ehlo
  const literal = /^\[(?:IPv6:)?([0-9a-f:.]{2,45})\]$/i.exec(ehlo)
  if (literal !== null && parseAddress(literal[1] ?? '') !== null) return ehlo
  return atomText(ehlo)
}

function addressLiteral(client: string): string {
  return client.includes(':') ? `[IPv6:${atomText(client, ':')}]` : `[${atomText(client)}]`
}

/** Letters, digits, dot, hyphen and underscore (and `also`); every other octet becomes "?". At most 255 of them, at least one. */
function atomText(text: string, also = ''): string {
  const safe = [...text.slice(0, 255)].map((c) => (/[A-Za-z0-9._-]/.test(c) || (also !== '' && also.includes(c)) ? c : '?')).join('')
  return safe === '' ? '?' : safe
}

/** Null for an address that would need quoting or is not ASCII: "for" is optional, and a wrong one is worse than none. */
function recipientText(address: string): string | null {
  return /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9._-]{1,255}$/.test(address) ? address : null
}

/** Trace headers are always in UTC. */
const UTC = () => 0

/** Words joined by spaces; a word that would pass column 78 begins a new line, which begins with a tab. */
function fold(words: readonly string[]): string {
  let text = words[0] ?? ''
  let column = text.length
  for (const word of words.slice(1)) {
    const fits = column + 1 + word.length <= 78
    text += `${fits ? ' ' : '\r\n\t'}${word}`
    column = fits ? column + 1 + word.length : 1 + word.length
  }
  return `${text}\r\n`
}
