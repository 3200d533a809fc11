/**
 * What an EHLO argument is, by its syntax alone (POLICY, Verdict: ehlo-malformed, ehlo-literal, ehlo-not-fqdn).
 * Promises: exactly one form for any text whatever, no lookup, no throw. Case and one final dot do not matter.
 */
import { canonicalName, isHostName } from '../net/domain.ts'
import { parseAddress } from '../net/ip.ts'
import type { Address } from '../net/ip.ts'

export type EhloForm =
  /** Neither host name nor well-formed literal: wrong characters, empty or over-long labels, a broken literal. */
  | { readonly kind: 'malformed' }
  /** RFC 5321 §4.1.3: `[192.0.2.1]`, `[IPv6:2001:db8::1]`. */
  | { readonly kind: 'literal'; readonly address: Address }
  /** An address without brackets. */
  | { readonly kind: 'bare-address'; readonly address: Address }
  | { readonly kind: 'one-label'; readonly name: string }
  /** Two labels or more; `name` in lower case without the final dot. The only form that is looked up. */
  | { readonly kind: 'name'; readonly name: string }

const MALFORMED: EhloForm = { kind: 'malformed' }

/** `text` as the client said it, without EHLO and the space after it. */
export function classifyEhlo(text: string): EhloForm {
  if (text.startsWith('[')) return literal(text)
  const address = anySpelling(text.endsWith('.') ? text.slice(0, -1) : text)
  if (address !== null) return { kind: 'bare-address', address }
  if (!isHostName(text)) return MALFORMED
  const name = canonicalName(text)
  return { kind: name.includes('.') ? 'name' : 'one-label', name }
}

/** RFC 5321 §4.1.3. IPv6 needs its tag, IPv4 must not have one; general address literals (other tags) are not in use: malformed. */
function literal(text: string): EhloForm {
  if (!text.endsWith(']')) return MALFORMED
  const inner = text.slice(1, -1)
  const tagged = /^ipv6:/i.test(inner)
  const content = tagged ? inner.slice(5) : inner
  if (tagged !== content.includes(':')) return MALFORMED
  const address = anySpelling(content)
  return address === null ? MALFORMED : { kind: 'literal', address }
}

/** As parseAddress, but the decimal parts may have leading zeros: RFC 5321's Snum is one to three digits, read as decimal. */
function anySpelling(text: string): Address | null {
  if (text.length > 45) return null
  const start = text.lastIndexOf(':') + 1
  const dotted = text.slice(start)
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(dotted)) return parseAddress(text)
  return parseAddress(text.slice(0, start) + dotted.replace(/(^|\.)0+(?=\d)/g, '$1'))
}
