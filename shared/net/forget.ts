/**
 * Recognises a person's mail address in any text that is kept, and takes it out: whatever its case, with a "+detail" or quoted, with
 * "=" or "%" in place of the "@" as bounce addresses write it (VERP), turned round as forwarders do (SRS), in xtext as ORCPT and
 * ENVID have it (RFC 3461, 4), within longer words only where such a sign parts them. The local part goes, the domain stays, so that
 * what is counted and searched by domain stays true. Pure.
 */
import { isHostName } from './domain.ts'

/** Stands in place of the local part; no address can be it. */
export const FORGOTTEN = '(forgotten)'

export interface Forgettable {
  /** As it is shown and looked for: without brackets, the domain in lower case. */
  readonly address: string
  /** Whether the text names it. */
  readonly isIn: (text: string) => boolean
  /** The text without it; the same text if it is not in. */
  readonly without: (text: string) => string
}

export type ReadForgettable = ({ readonly ok: true } & Forgettable) | { readonly ok: false; readonly problem: string }

const MAX_LOCAL = 64
const MAX_ADDRESS = 320
/** What stands before the address within the same word, and then makes it another address. "=" and "/" part words; before an address with "=" for its "@" so do "+" and "-". */
const WORD = 'A-Za-z0-9!#$%&\'*+?^_`{|}~.\\-\\u0080-\\uffff'
const BOUNCE_WORD = 'A-Za-z0-9._\\u0080-\\uffff'

/** As typed: "joe@shop.example", "<Joe@Shop.Example>", "mailto:joe@shop.example", '"joe"@shop.example'. */
export function readForgettable(text: string): ReadForgettable {
  const bare = text.trim().replace(/^mailto:/i, '').replace(/^<(.*)>$/, '$1')
  const at = bare.lastIndexOf('@')
  const local = bare.slice(0, Math.max(0, at)).replace(/^"(.*)"$/, '$1')
  const domain = bare.slice(at + 1).toLowerCase().replace(/\.$/, '')
  const problem = at < 1 ? 'a mail address has a name, an "@" and a domain' : problemOf(local, domain, bare.length)
  if (problem !== null) return { ok: false, problem: `expected a mail address such as joe@shop.example: ${problem}` }
  const pattern = patternOf(local, domain)
  const turned = turnedPatternOf(local, domain)
  const isPlain = (kept: string) => [pattern, turned].some((each) => kept.search(each) !== -1)
  const withoutPlain = (kept: string) => kept.replace(pattern, (whole) => `${FORGOTTEN}${signed(whole)}`).replace(turned, `$1=${FORGOTTEN}`)
  return {
    ok: true,
    address: `${local}@${domain}`,
    isIn: (kept) => isPlain(kept) || [...kept.matchAll(XTEXT)].some(([, , word = '']) => isPlain(ofXtext(word))),
    without: (kept) => withoutPlain(kept).replace(XTEXT, (whole, begin: string, word: string) => {
      const plain = ofXtext(word)
      return isPlain(plain) ? `${begin}${toXtext(withoutPlain(plain))}` : whole
    }),
  }
}

/** A word of xtext that has something encoded, behind what begins one. */
const XTEXT = /((?:rfc822|utf-8);|envid=)([^\s"<>\\;=+]*\+[0-9A-F]{2}[^\s"<>\\;=]*)/gi

function ofXtext(word: string): string {
  return word.replace(/\+([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function toXtext(plain: string): string {
  return plain.replace(/[^!-~]|[+=]/g, (char) => (char > '\u00ff' ? char : `+${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`))
}

function problemOf(local: string, domain: string, length: number): string | null {
  if (local === '' || local.length > MAX_LOCAL || length > MAX_ADDRESS) return 'the part before the "@" is missing or too long'
  // Control characters are never kept as they are, and quotes and backslashes have too many forms.
  if (/[\p{Cc}\s"\\<>]/u.test(local)) return 'the part before the "@" has a space, a quote or a bracket'
  const literal = /^\[[0-9a-f:.]+(?:ipv6:[0-9a-f:.]+)?\]$|^\[ipv6:[0-9a-f:.]+\]$/i.test(domain)
  if (!literal && !isHostName(domain) && !/^[\p{L}\p{N}.-]+$/u.test(domain)) return 'what follows the "@" is no domain'
  return local === FORGOTTEN ? 'that one is forgotten already' : null
}

function patternOf(local: string, domain: string): RegExp {
  const locals = formsOf(local).map(escaped).join('|')
  const domains = formsOf(domain).map(escaped).join('|')
  const withDetail = (not: string) => `(?:${locals})(?:\\+[^\\s@"<>\\\\${not}]{0,200})?`
  const person = withDetail('')
  // In JSON a quote has a backslash before it.
  const plain = `(?<![${WORD}])(?:${person}|(\\\\*)"${person}\\1")@`
  const bounce = `(?<![${BOUNCE_WORD}])${withDetail('=%')}[=%]`
  return new RegExp(`(?:${plain}|${bounce})(?:${domains})(?![A-Za-z0-9\\-]|\\.[A-Za-z0-9])`, 'giu')
}

/** "SRS0=HASH=TT=domain=local@forwarder", and the SRS1 of a second forwarder around it; up to the domain is the group. */
function turnedPatternOf(local: string, domain: string): RegExp {
  const locals = formsOf(local).map(escaped).join('|')
  const domains = formsOf(domain).map(escaped).join('|')
  const ended = (not: string, by: string) => `(?:${locals})(?:\\+[^\\s@"<>\\\\${not}]{0,200})?(?=[${by}])`
  return new RegExp(`(SRS[01][=+-][^\\s@"<>\\\\]{0,400}?=(?:${domains}))=(?:${ended('', '@')}|${ended('=%', '=%')})`, 'giu')
}

/** From its last "@" (or what stands for it) on. */
function signed(whole: string): string {
  return whole.slice(Math.max(whole.lastIndexOf('@'), whole.lastIndexOf('='), whole.lastIndexOf('%')))
}

/** As it is, and as octets that were taken for characters. */
function formsOf(text: string): readonly string[] {
  const octets = encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return octets === text ? [text] : [text, octets]
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
