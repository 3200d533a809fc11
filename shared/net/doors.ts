/** Which endpoints are the same door: an address that stands for every address takes the port of each one of its family. */
import { parseAddress } from './ip.ts'
import { parseEndpoint } from './parse.ts'
import type { Endpoint } from './parse.ts'

/** Whether both cannot be listened on. Port 0 is another one each time. */
export function sameDoor(a: string, b: string): boolean {
  const [one, other] = [parseEndpoint(a), parseEndpoint(b)]
  if (one === null || other === null) return false
  if (one.port !== other.port || one.port === 0) return false
  return one.host === other.host || (familyOf(one) === familyOf(other) && (isEvery(one) || isEvery(other)))
}

/**
 * Whether who connects to `to` (a name, too) arrives at one of these listeners. Of a name only "localhost" is known to; other
 * addresses of this machine are not looked up. Each listener takes the connections of its own family alone (gate/listener.ts).
 */
export function leadsTo(to: string, listeners: readonly string[]): boolean {
  const target = parseEndpoint(to, { names: true })
  if (target === null || target.port === 0) return false
  return listeners.map((text) => parseEndpoint(text)).some((own) => own !== null && own.port === target.port && arrives(target, own))
}

function arrives(target: Endpoint, own: Endpoint): boolean {
  if (target.host === own.host) return true
  if (target.host === 'localhost') return isEvery(own) || isFirst(own)
  if (familyOf(target) !== familyOf(own)) return false
  // To connect to "every address" is to connect to loopback.
  return isEvery(own) ? target.loopback || isEvery(target) : isEvery(target) && isFirst(own)
}

function isEvery({ host }: Endpoint): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** What "localhost" means. */
function isFirst({ host }: Endpoint): boolean {
  return host === '127.0.0.1' || host === '::1'
}

function familyOf({ host }: Endpoint): 4 | 6 | null {
  return parseAddress(host)?.family ?? null
}
