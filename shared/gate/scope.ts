/**
 * Scopes of bans and whitelist entries, in one canonical spelling (CONTRACT, porch ban): what two people type differently
 * for the same thing is one rule. Also the durations that are typed with them.
 */
import type { RuleKind } from '../events.ts'
import { canonicalName, isHostName } from '../net/domain.ts'
import { clientScope, networkOf, parseAddress } from '../net/ip.ts'
import type { Network } from '../net/ip.ts'

/** `text` is canonical. A name scope with `below` is written ".outlook.com" and matches the names below it only. */
export type Scope =
  | { readonly kind: 'network'; readonly network: Network; readonly text: string }
  | { readonly kind: 'name'; readonly name: string; readonly below: boolean; readonly text: string }

export type ScopeResult = { readonly ok: true; readonly scope: Scope } | { readonly ok: false; readonly problem: string }

const MAX_SCOPE = 300

/** What is typed becomes a scope, or a problem in one line. A ban needs an address or a network, and one IPv6 address stands for its /64. */
export function parseScope(kind: RuleKind, typed: string): ScopeResult {
  const text = typed.trim()
  if (text === '' || text.length > MAX_SCOPE) return problem(text, 'expected an address, a network or a verified name')
  if (text.includes('/')) return parseCidrScope(kind, text)
  const address = parseAddress(text)
  if (address !== null) {
    return network(kind === 'ban' ? clientScope(address) : networkOf(address, address.family === 4 ? 32 : 128))
  }
  if (text.includes(':') || /(^|\.)\d+\.?$/.test(text)) return problem(text, 'not a well-formed address')
  if (kind === 'ban') return problem(text, 'a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24')
  return parseName(text)
}

function parseCidrScope(kind: RuleKind, text: string): ScopeResult {
  const [head = '', tail = '', ...rest] = text.split('/')
  const address = parseAddress(head)
  if (address === null || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(tail)) return problem(text, 'not a well-formed network, such as 192.0.2.0/24')
  const width = address.family === 4 ? 32 : 128
  // An IPv4-mapped network is written with IPv6 lengths.
  const mapped = address.family === 4 && head.includes(':')
  const prefix = Number(tail) - (mapped ? 96 : 0)
  if (mapped && (prefix < 0 || prefix > 32)) return problem(text, 'addresses below ::ffff:0:0 are IPv4 ones, and the length of a network of them is 96 to 128')
  if (prefix < 0 || prefix > width) return problem(text, `the length of an IPv${address.family} network is 0 to ${width}`)
  const masked = networkOf(address, prefix)
  if (masked.address.text !== address.text) return problem(text, `has host bits set; the network is ${masked.text}`)
  return network(kind === 'ban' && prefix === 128 ? clientScope(address) : masked)
}

function parseName(text: string): ScopeResult {
  const bare = text.replace(/^\*?\./, '')
  const below = bare !== text
  const name = canonicalName(bare)
  if (!isHostName(bare)) return problem(text, 'not a host name; expected an address, a network or a verified name, such as .outlook.com')
  if (!below && !name.includes('.')) return problem(text, 'expected a full name, such as mail.acme.example, or .acme.example for the names below it')
  return { ok: true, scope: { kind: 'name', name, below, text: below ? `.${name}` : name } }
}

function network(value: Network): ScopeResult {
  return { ok: true, scope: { kind: 'network', network: value, text: value.text } }
}

function problem(text: string, why: string): ScopeResult {
  return { ok: false, problem: `${shown(text)}: ${why}` }
}

/** Typed text in a message: printable, one line, bounded. */
function shown(text: string): string {
  const plain = text.slice(0, 80).replace(/[^\x20-\x7e]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
  return `"${plain}${text.length > 80 ? '…' : ''}"`
}

/** Wider than any one sender's network: more likely a slip than a wish, and worth a question. */
export function isWide(kind: RuleKind, text: string): boolean {
  const scope = readScope(kind, text)
  if (scope === null) return false
  if (scope.kind === 'name') return scope.below && !scope.name.includes('.')
  return scope.network.prefix < (scope.network.address.family === 4 ? 8 : 16)
}

/**
 * A scope as it was stored, in canonical spelling; null if it is none (a damaged file). Plain IPv4, which is nearly all of
 * them, is read without the general parser: a hundred thousand are loaded before the gate listens.
 */
export function readScope(kind: RuleKind, text: string): Scope | null {
  const quick = readPlain(text)
  if (quick !== null) return { kind: 'network', network: quick, text }
  const result = parseScope(kind, text)
  return result.ok ? result.scope : null
}

const PLAIN_V6_64 = /^([\da-f]{1,4}):([\da-f]{1,4}):([\da-f]{1,4}):([\da-f]{1,4})::\/64$/

/** Four decimal octets without leading zeros; null for anything else. */
function readOctets(text: string): number[] | null {
  const bytes: number[] = []
  let octet = -1
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit === -2) {
      if (octet === -1) return null
      bytes.push(octet)
      octet = -1
    } else if (digit < 0 || digit > 9 || octet === 0) return null
    else {
      octet = (octet === -1 ? 0 : octet * 10) + digit
      if (octet > 255) return null
    }
  }
  if (octet === -1) return null
  bytes.push(octet)
  // A copy has no room to grow, and there may be a million rules.
  return bytes.length === 4 ? bytes.slice() : null
}

function readPlain(text: string): Network | null {
  const bytes4 = readOctets(text)
  if (bytes4 !== null) return { address: { family: 4, bytes: bytes4, text }, prefix: 32, text }
  const v6 = PLAIN_V6_64.exec(text)
  if (v6 === null) return null
  const groups = [v6[1], v6[2], v6[3], v6[4]].map((group) => Number.parseInt(group ?? '0', 16))
  const bytes = [...groups.flatMap((group) => [group >> 8, group & 255]), 0, 0, 0, 0, 0, 0, 0, 0]
  return { address: { family: 6, bytes, text: text.slice(0, -3) }, prefix: 64, text }
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const MAX_MS = 100 * 365 * 86_400_000

export type DurationResult = { readonly ok: true; readonly ms: number | null } | { readonly ok: false; readonly problem: string }

/** "30s", "15m", "2h", "4d", "2w" in ms; "ever" is null. At least a second, at most 100 years. */
export function parseDuration(text: string): DurationResult {
  if (text.toLowerCase() === 'ever') return { ok: true, ms: null }
  const match = /^(\d{1,9})([smhdw])$/i.exec(text)
  const ms = Number(match?.[1]) * (UNIT_MS[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN)
  if (Number.isNaN(ms)) return { ok: false, problem: `${shown(text)}: expected a duration, such as 30s, 2h or 4d, or ever` }
  if (ms < 1000 || ms > MAX_MS) return { ok: false, problem: `${shown(text)}: expected a duration from 1s to 100 years, or ever` }
  return { ok: true, ms }
}
