/**
 * Addresses that a notice may go to. What registries, zones and people give as a contact is often no address at all, one that
 * never existed, or one that says that nobody reads it; those are recognised here and dropped (POLICY, Notices).
 */
import { isHostName } from '../net/domain.ts'
import { parseAddress } from '../net/ip.ts'
import { registrableDomain } from '../gate/verdict.ts'

/** RFC 5321 §4.5.3.1: local part and whole path. */
const MAX_LOCAL = 64
const MAX_ADDRESS = 254
/** RFC 5322 §3.2.3 dot-atom: quoted local parts and other alphabets are not needed to reach a hostmaster. */
const DOT_ATOM = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i

/** The address as it will be written: the domain in lower case; null if it is not one that can be written to. */
export function readMailAddress(text: string): string | null {
  const bare = text.trim().replace(/^mailto:/i, '')
  const at = bare.lastIndexOf('@')
  const local = bare.slice(0, Math.max(0, at))
  const domain = bare.slice(at + 1).toLowerCase().replace(/\.$/, '')
  if (at < 1 || local.length > MAX_LOCAL || bare.length > MAX_ADDRESS || !DOT_ATOM.test(local)) return null
  if (!isHostName(domain) || !domain.includes('.') || domain.includes('_') || parseAddress(domain) !== null || /\.\d+$/.test(domain)) return null
  return `${local}@${domain}`
}

/** One contact of a person is one contact whatever its case: what caps and duplicates are counted by. */
export function contactKey(address: string): string {
  return address.toLowerCase()
}

/** RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 8375, and what offices call their insides. Names under .example and .test pass: laboratories use them, and nobody else can. */
const NO_DOMAIN = /(?:^|\.)(?:invalid|localhost|localdomain|local|lan|internal|corp|home|onion|arpa)$|(?:^|\.)example\.(?:com|net|org)$/
const NO_READER = /^(?:no[-_.]?(?:reply|response|mail|email|contact|abuse|reader|one|body)|do[-_.]?not[-_.]?(?:reply|respond|email)|dev[-_.]?null|null|none|unknown|void|bit[-_.]?bucket|blackhole|unread|not[-_.]?(?:available|applicable|disclosed|used|set)|n\/?a|na|dummy|placeholder|undisclosed|redacted|remarks)(?:[+.-].*)?$/i
/** Registries that answer for what they did not give to anybody: nobody there can add a record. */
const REGISTRY = /(?:^|\.)(?:iana|icann|arin|ripe|apnic|lacnic|afrinic|nro)\.(?:org|net)$/

/** Why nobody would read it; null for one that may be real. `listed`: it stands in a public registry or zone (a typed address is the admin's own affair). */
export function placeholderReason(address: string): string | null {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (NO_READER.test(local)) return 'says itself that nobody reads it'
  if (NO_DOMAIN.test(domain)) return 'is under a name that is reserved for examples or for private use'
  if (REGISTRY.test(domain)) return 'is the registry itself'
  if (registrableDomain(domain) === null) return 'is under no domain that anybody could have registered'
  return null
}

/** A contact out of a registry or zone: the address, or null for what is none or would reach nobody. */
export function readContact(text: string): string | null {
  const address = readMailAddress(text)
  return address === null || placeholderReason(address) !== null ? null : address
}
