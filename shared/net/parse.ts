/** Readers for what settings and rules name: endpoints, networks, served domains. Null means malformed. */
import { contains, parseAddress, parseNetwork } from './ip.ts'
import type { Network } from './ip.ts'
import { isHostName } from './domain.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
  /** False for a name: it is not known where it leads. */
  readonly loopback: boolean
}

/** "192.0.2.1:25", "[2001:db8::1]:25"; with `names` also "mail.example:25". Port 0 to 65535. */
export function parseEndpoint(text: string, options: { readonly names?: boolean } = {}): Endpoint | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) return null
  const host = match[1] ?? match[2] ?? ''
  const address = parseAddress(host)
  if (address !== null) {
    const bracketed = match[1] !== undefined
    return bracketed === host.includes(':') ? { host: address.text, port, loopback: isLoopback(host) } : null
  }
  return options.names === true && match[1] === undefined && isHostName(host) ? { host, port, loopback: host === 'localhost' } : null
}

/** "host:port" with brackets around IPv6. */
export function endpointText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

const LOOPBACK = ['127.0.0.0/8', '::1'].map((text) => parseNetwork(text)!)

export function isLoopback(text: string): boolean {
  const address = parseAddress(text)
  return address !== null && LOOPBACK.some((network) => contains(network, address))
}

export function parseCidr(text: string): Network | null {
  return parseNetwork(text)
}

/** "shop.example" itself, or "*.shop.example" for the names below it. `name` in lower case without the final dot. */
export interface MailDomain {
  readonly name: string
  readonly below: boolean
}

export function parseMailDomain(text: string): MailDomain | null {
  const below = text.startsWith('*.')
  const name = (below ? text.slice(2) : text).toLowerCase().replace(/\.$/, '')
  return isHostName(name) ? { name, below } : null
}
