/**
 * The PROXY header towards the backend (the PROXY protocol, version 1): one ASCII line before anything else.
 * Version 1 because every server that knows the protocol reads it, and because it can be read in a capture.
 */
import { parseAddress } from '../net/ip.ts'

export interface ProxyEnds {
  /** Whoever connected, and where; canonical addresses. */
  readonly address: string
  readonly port: number
  readonly ourAddress: string
  readonly ourPort: number
}

/** With its line end, at most 107 octets. Ends of different families are both told as IPv6; null if one is no address. */
export function proxyHeader(ends: ProxyEnds): string | null {
  const from = parseAddress(ends.address)
  const to = parseAddress(ends.ourAddress)
  if (from === null || to === null) return null
  const four = from.family === 4 && to.family === 4
  const text = (address: typeof from) => (address.family === 4 && !four ? `::ffff:${address.text}` : address.text)
  return `PROXY ${four ? 'TCP4' : 'TCP6'} ${text(from)} ${text(to)} ${ends.port} ${ends.ourPort}\r\n`
}
