/**
 * Senders as rows. The key is written in hexadecimal, so that a network is a range of keys; what a sender that came once has no
 * need of is left out. A row that cannot be read is a fault of ours and is thrown.
 */
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import { ofBytes, networkOf, parseNetwork } from '../../shared/net/ip.ts'
import type { Network } from '../../shared/net/ip.ts'
import { rankOf } from '../../shared/search/sender.ts'
import type { Sender, SenderDay } from '../../shared/search/sender.ts'

export interface Row {
  readonly key: string
  readonly domain: string | null
  readonly verified: number
  readonly attempts: number
  readonly refused: number
  readonly deferred: number
  readonly accepted: number
  readonly first_seen: number
  readonly last_seen: number
  readonly refused_since: number | null
  readonly disposition: number
  readonly findings: number
  readonly rank: number
  readonly more: string | null
}

const DAY_MS = 86_400_000
/** Addresses; times as ms after the first of them; days. */
type More = readonly [addresses: readonly string[], first: number, times: readonly number[], days: readonly SenderDay[]]

/** "192.0.2.0/24 acme.example" as "4c0000200 acme.example"; "2001:db8::/64" as "620010db800000000". */
export function storedKey(key: string): string {
  const [network = '', domain] = key.split(' ', 2)
  const parsed = parseNetwork(network)
  if (parsed === null) return key
  const hex = hexOf(parsed.address.bytes)
  return `${parsed.address.family}${parsed.address.family === 4 ? hex : hex.slice(0, 16)}${domain === undefined ? '' : ` ${domain}`}`
}

function keyOf(stored: string): string {
  const [hex = '', domain] = stored.slice(1).split(' ', 2)
  const four = stored.startsWith('4')
  const bytes = (hex.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16))
  const address = ofBytes(four ? bytes : [...bytes, ...Array<number>(8).fill(0)])
  if (domain === undefined) return four ? address.text : networkOf(address, 64).text
  return `${networkOf(address, four ? 24 : 64).text} ${domain}`
}

function hexOf(bytes: readonly number[]): string {
  return bytes.map((octet) => octet.toString(16).padStart(2, '0')).join('')
}

/** Stored keys of all senders that may have an address in the network: from, to, and the neighbourhood whose pools may; `address`: the one address if it is one. */
export function keyRange(network: Network): { readonly from: string; readonly to: string; readonly around: string; readonly address: string | null } {
  const { family, bytes } = network.address
  const wide = family === 4 ? 24 : 64
  const last = bytes.map((octet, at) => octet | (0xff >> Math.min(8, Math.max(0, network.prefix - at * 8))))
  const text = (octets: readonly number[]) => `${family}${hexOf(octets).slice(0, family === 4 ? 8 : 16)}`
  const single = network.prefix === (family === 4 ? 32 : 128)
  return { from: text(bytes), to: single ? text(bytes) : `${text(last)}~`, around: text(networkOf(network.address, Math.min(network.prefix, wide)).address.bytes), address: single ? network.address.text : null }
}

export function rowOf(sender: Sender): Row {
  const alone = sender.attempts === 1
  const [first = 0] = sender.times
  const more: More = [sender.addresses, first, sender.times.map((at) => at - first), sender.days]
  return {
    key: storedKey(sender.key), domain: sender.domain, verified: sender.verified ? 1 : 0, attempts: sender.attempts, refused: sender.refused, deferred: sender.deferred, accepted: sender.accepted,
    first_seen: sender.firstSeen, last_seen: sender.lastSeen, refused_since: sender.refusedSince, disposition: DISPOSITIONS.indexOf(sender.disposition),
    findings: sender.findings.reduce((bits, finding) => bits | findingBit(finding), 0), rank: rankOf(sender), more: alone && sender.addresses[0] === sender.key ? null : JSON.stringify(more),
  }
}

export function findingBit(finding: (typeof FINDINGS)[number]): number {
  return 1 << FINDINGS.indexOf(finding)
}

export function senderOf(row: Row): Sender {
  const key = keyOf(row.key)
  const disposition = DISPOSITIONS[row.disposition] ?? 'aborted'
  const once: SenderDay = [Math.floor(row.last_seen / DAY_MS), 1, row.refused, row.accepted]
  const [addresses, first, times, days]: More = row.more === null ? [[key], row.last_seen, row.accepted > 0 ? [] : [0], [once]] : (JSON.parse(row.more) as More)
  return {
    key, domain: row.domain, verified: row.verified === 1, addresses, attempts: row.attempts, refused: row.refused, deferred: row.deferred, accepted: row.accepted,
    firstSeen: row.first_seen, lastSeen: row.last_seen, refusedSince: row.refused_since, disposition, findings: FINDINGS.filter((finding) => (row.findings & findingBit(finding)) !== 0),
    times: times.map((at) => at + first), days,
  }
}
