/**
 * Addresses and networks in one canonical spelling (RFC 5952 for IPv6; an IPv4-mapped IPv6 address is IPv4).
 * Only the strict textual forms are read: four decimal parts for IPv4, RFC 4291 for IPv6, no zone index.
 */
import { ipv6Text, readIpv4, readIpv6 } from './iptext.ts'

export type Family = 4 | 6

/** `bytes` has 4 or 16 octets in network order; `text` is canonical. */
export interface Address {
  readonly family: Family
  readonly bytes: readonly number[]
  readonly text: string
}

/** `prefix` in bits of the family; `text` canonical, a single IPv4 or IPv6 address without its /32 or /128. */
export interface Network {
  readonly address: Address
  readonly prefix: number
  readonly text: string
}

/** Null for anything but one strictly written address. */
export function parseAddress(text: string): Address | null {
  const octets = readIpv4(text) ?? readIpv6(text)
  return octets === null ? null : ofBytes(octets)
}

/** From 4 or 16 octets; an IPv4-mapped one becomes IPv4. */
export function ofBytes(bytes: readonly number[]): Address {
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((octet) => octet === 0) && bytes[10] === 255 && bytes[11] === 255
  const own = mapped ? bytes.slice(12) : bytes
  if (own.length === 4) return { family: 4, bytes: own, text: own.join('.') }
  return { family: 6, bytes: own, text: ipv6Text(own) }
}

/** Like parseAddress, as canonical text. */
export function canonicalAddress(text: string): string | null {
  return parseAddress(text)?.text ?? null
}

/** "192.0.2.0/24", "2001:db8::/32" or one address. Null if malformed or if host bits are set. */
export function parseNetwork(text: string): Network | null {
  const [head = '', tail, ...rest] = text.split('/')
  const address = parseAddress(head)
  if (address === null || rest.length > 0) return null
  const width = address.family === 4 ? 32 : 128
  if (tail === undefined) return { address, prefix: width, text: address.text }
  if (!/^(0|[1-9]\d{0,2})$/.test(tail)) return null
  const mapped = address.family === 4 && head.includes(':') ? 96 : 0
  const prefix = Number(tail) - mapped
  if (prefix < 0 || prefix > width) return null
  const network = networkOf(address, prefix)
  return network.address.text === address.text ? network : null
}

/** The network of that prefix length around an address. */
export function networkOf(address: Address, prefix: number): Network {
  const bytes = address.bytes.map((octet, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8))
    return octet & ((0xff << (8 - kept)) & 0xff)
  })
  const masked = ofSameFamily(bytes)
  const width = masked.family === 4 ? 32 : 128
  return { address: masked, prefix, text: prefix === width ? masked.text : `${masked.text}/${prefix}` }
}

/** Without the mapping to IPv4: masking must not change the family. */
function ofSameFamily(bytes: readonly number[]): Address {
  if (bytes.length === 4) return { family: 4, bytes, text: bytes.join('.') }
  return { family: 6, bytes, text: ipv6Text(bytes) }
}

export function contains(network: Network, address: Address): boolean {
  return network.address.family === address.family && networkOf(address, network.prefix).address.text === network.address.text
}

/** What counts as one client for limits and strikes: an IPv4 address, or the /64 of an IPv6 one (POLICY, Bans). */
export function clientScope(address: Address): Network {
  return networkOf(address, address.family === 4 ? 32 : 64)
}

/** The text of that scope; what is no address stands for itself. */
export function clientKey(client: string): string {
  const address = parseAddress(client)
  return address === null ? client : clientScope(address).text
}

/** The neighbourhood used by grace mode: /24 or /64. */
export function neighbourhood(address: Address): Network {
  return networkOf(address, address.family === 4 ? 24 : 64)
}

/** The name under which reverse DNS knows the address (RFC 1035 §3.5, RFC 3596 §2.5), without the final dot. */
export function reverseName(address: Address): string {
  if (address.family === 4) return `${[...address.bytes].reverse().join('.')}.in-addr.arpa`
  const nibbles = address.bytes.flatMap((octet) => [octet >> 4, octet & 15])
  return `${nibbles.reverse().map((nibble) => nibble.toString(16)).join('.')}.ip6.arpa`
}
