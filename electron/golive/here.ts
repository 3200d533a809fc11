/** This machine's own addresses, as its interfaces have them. */
import { networkInterfaces } from 'node:os'
import { canonicalAddress } from '../../shared/net/ip.ts'

/** Without loopback and link-local ones. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return all.filter(({ internal, address }) => !internal && !/^fe80:/i.test(address)).flatMap(({ address }) => canonicalAddress(address) ?? [])
}
