/**
 * Writes replies (RFC 5321 §4.2, RFC 2034). Promises: one reply is one line of printable ASCII, at most 512 octets with
 * its CRLF, whatever it is made of; only the EHLO response has several lines. A backend's reply keeps its class.
 */
import type { Reply } from './codes.ts'
import { REPLIES } from './codes.ts'

/** RFC 5321 §4.5.3.1.5, without the CRLF. */
const MAX_REPLY = 510

/** One line without its CRLF. */
export function replyLine(reply: Reply): string {
  const enhanced = reply.enhanced === null ? '' : `${reply.enhanced} `
  return plainLine(`${reply.code} ${enhanced}${reply.text}`)
}

/** Any text as one reply line: other octets than printable ASCII become "?", the rest is cut. */
export function plainLine(text: string): string {
  const plain = /^[\x20-\x7e]*$/.test(text) ? text : text.replace(/[^\x20-\x7e]+/g, '?')
  return plain.length <= MAX_REPLY ? plain : `${plain.slice(0, MAX_REPLY - 3)}...`
}

/** The response to EHLO (RFC 5321 §4.1.1.1), lines without CRLF. What the client said is not repeated. */
export function ehloLines(hostname: string, keywords: readonly string[]): readonly string[] {
  const lines = [hostname, ...keywords]
  return lines.map((line, index) => plainLine(`250${index === lines.length - 1 ? ' ' : '-'}${line}`))
}

/** What the gate makes of a backend's answer to one command. */
export type Relayed =
  | { readonly kind: 'yes'; readonly line: string }
  | { readonly kind: 'later'; readonly line: string }
  | { readonly kind: 'no'; readonly line: string }

/** A reply as the backend client hands it over; null: there is none (it failed). */
export type BackendSaid = { readonly code: number; readonly enhanced: string | null; readonly text: string } | null

export const NO_BACKEND: Relayed = { kind: 'later', line: replyLine(REPLIES.backendAway) }

/**
 * The class of a backend's reply is kept, and its code too, unless the code would say something else to the client: 421 is
 * about the backend's connection (451 here), 530 about ours; anything unexpected is 451 4.3.0. `positive`: 250-class for MAIL, RCPT and the dot, 354 for DATA.
 */
export function relayed(said: BackendSaid, positive: '2xx' | '354'): Relayed {
  if (said === null) return NO_BACKEND
  const { code } = said
  if (positive === '354' && code === 354) return { kind: 'yes', line: replyLine(REPLIES.goAhead) }
  if (positive === '2xx' && (code === 250 || code === 251 || code === 252)) return { kind: 'yes', line: withEnhanced(said, code) }
  if (code >= 400 && code < 500) return { kind: 'later', line: withEnhanced(said, code === 421 ? 451 : code) }
  if (code >= 500 && code < 600 && code !== 530) return { kind: 'no', line: withEnhanced(said, code === 521 ? 550 : code) }
  return NO_BACKEND
}

function withEnhanced(said: NonNullable<BackendSaid>, code: number): string {
  const own = said.enhanced?.startsWith(`${Math.floor(code / 100)}.`) === true ? said.enhanced : `${Math.floor(code / 100)}.0.0`
  const text = said.text.startsWith(`${own} `) ? said.text.slice(own.length + 1) : said.text
  return replyLine({ code, enhanced: own, text: text === '' ? 'OK' : text })
}
