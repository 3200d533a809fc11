/** Ranges of addresses, as firewalls write them, and the networks that they consist of. Addresses count as whole numbers. */
import { networkOf, ofBytes, parseAddress } from './ip.ts'
import type { Address, Family, Network } from './ip.ts'

/** From `first` to `last`, both included, of one family. */
export interface AddressRange {
  readonly family: Family
  readonly first: bigint
  readonly last: bigint
}

export function addressNumber(address: Address): bigint {
  let value = 0n
  for (const octet of address.bytes) value = (value << 8n) | BigInt(octet)
  return value
}

/** Null: an IPv6 address that is written as IPv4 (::ffff:0:0/96), which is another family here. */
export function numberAddress(family: Family, value: bigint): Address | null {
  const size = family === 4 ? 4 : 16
  const bytes = Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * (size - 1 - index))) & 255n))
  const address = ofBytes(bytes)
  return address.family === family ? address : null
}

export function rangeOf({ address, prefix }: Network): AddressRange {
  const first = addressNumber(address)
  return { family: address.family, first, last: first + (1n << BigInt((address.family === 4 ? 32 : 128) - prefix)) - 1n }
}

/** "192.0.2.5-192.0.2.9"; null if it is none, the ends are of two families, or the last is before the first. */
export function parseRange(text: string): AddressRange | null {
  const [from = '', to = '', ...rest] = text.split('-')
  const [first, last] = [parseAddress(from), parseAddress(to)]
  if (first === null || last === null || rest.length > 0 || first.family !== last.family) return null
  const range = { family: first.family, first: addressNumber(first), last: addressNumber(last) }
  return range.first <= range.last ? range : null
}

/** The fewest networks that together are the range, in order: at most 62 for IPv4, 254 for IPv6. */
export function rangeNetworks({ family, first, last }: AddressRange): Network[] {
  const width = family === 4 ? 32 : 128
  const networks: Network[] = []
  for (let at = first; at <= last;) {
    let bits = 0
    while (bits < width && (at >> BigInt(bits)) % 2n === 0n && at + (1n << BigInt(bits + 1)) - 1n <= last) bits++
    const address = numberAddress(family, at)
    if (address !== null) networks.push(networkOf(address, width - bits))
    at += 1n << BigInt(bits)
  }
  return networks
}

/** The fewest networks that together are exactly "first – last", as registries write it; empty if the families differ or the range runs backwards. */
export function networksOfRange(first: Address, last: Address): Network[] {
  const range = { family: first.family, first: addressNumber(first), last: addressNumber(last) }
  return first.family === last.family ? rangeNetworks(range) : []
}
