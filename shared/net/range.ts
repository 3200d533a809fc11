/** Ranges of addresses as networks: registries write "first – last", everything here works by prefix. */
import { networkOf } from './ip.ts'
import type { Address, Network } from './ip.ts'

/** The fewest networks that together are exactly the range, in order; empty if the families differ or the range runs backwards. At most 254. */
export function networksOfRange(first: Address, last: Address): Network[] {
  if (first.family !== last.family) return []
  const width = first.family === 4 ? 32 : 128
  const end = numberOf(last)
  const networks: Network[] = []
  for (let at = numberOf(first); at <= end;) {
    let free = trailingZeros(at, width)
    while (at + (1n << BigInt(free)) - 1n > end) free -= 1
    networks.push(networkOf({ family: first.family, bytes: bytesOf(at, width), text: '' }, width - free))
    at += 1n << BigInt(free)
  }
  return networks
}

function numberOf(address: Address): bigint {
  return address.bytes.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n)
}

function bytesOf(value: bigint, width: number): number[] {
  return Array.from({ length: width / 8 }, (_, index) => Number((value >> BigInt(width - 8 * (index + 1))) & 0xffn))
}

function trailingZeros(value: bigint, width: number): number {
  let zeros = 0
  while (zeros < width && ((value >> BigInt(zeros)) & 1n) === 0n) zeros += 1
  return zeros
}
