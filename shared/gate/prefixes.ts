/**
 * Networks by prefix: finds the most specific one around an address. One hash table per prefix length in use, so the cost of
 * a match depends on how many lengths there are (at most 33 and 129, in practice a handful), never on how many networks.
 */
import type { Address, Network } from '../net/ip.ts'

type Key = number | string

interface Level<T> {
  readonly prefix: number
  readonly items: Map<Key, T>
}

export class PrefixMap<T> {
  // Longest prefix first.
  private readonly levels: { readonly 4: Level<T>[]; readonly 6: Level<T>[] } = { 4: [], 6: [] }

  set(network: Network, item: T): void {
    const levels = this.levels[network.address.family]
    let level = levels.find((each) => each.prefix === network.prefix)
    if (level === undefined) {
      level = { prefix: network.prefix, items: new Map() }
      levels.push(level)
      levels.sort((a, b) => b.prefix - a.prefix)
    }
    level.items.set(keyOf(network.address, network.prefix), item)
  }

  delete(network: Network): void {
    const levels = this.levels[network.address.family]
    const at = levels.findIndex((each) => each.prefix === network.prefix)
    const level = levels[at]
    if (level === undefined) return
    level.items.delete(keyOf(network.address, network.prefix))
    if (level.items.size === 0) levels.splice(at, 1)
  }

  /** The item of the longest prefix around the address (at most `maxPrefix` bits) for which `holds`; null if there is none. */
  find(address: Address, holds: (item: T) => boolean, maxPrefix = 128): T | null {
    for (const level of this.levels[address.family]) {
      if (level.prefix > maxPrefix) continue
      const item = level.items.get(keyOf(address, level.prefix))
      if (item !== undefined && holds(item)) return item
    }
    return null
  }
}

/** The first `prefix` bits: a number for IPv4 (a signed one, which V8 keeps without an object of its own), packed characters for IPv6. */
function keyOf(address: Address, prefix: number): Key {
  const { bytes } = address
  if (address.family === 4) {
    if (prefix === 0) return 0
    const all = ((bytes[0] ?? 0) << 24) | ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)
    return all >> (32 - prefix)
  }
  let key = ''
  for (let bit = 0; bit < prefix; bit += 8) {
    const kept = Math.min(8, prefix - bit)
    key += String.fromCharCode((bytes[bit >> 3] ?? 0) >> (8 - kept))
  }
  return key
}
