/**
 * Where others see the shop's own server: its host name, the addresses that DNS and the settings give it, and who receives
 * the mail of its domains. What it looks like to them is then checked like any sender.
 */
import type { OwnServer } from '../../shared/api/check.ts'
import { DEFAULT_EXEMPT } from '../../shared/config.ts'
import { mxHostsOf } from '../../shared/dns/records.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { isLoopback } from '../../shared/net/parse.ts'
import { addressesOf, whereLed } from '../golive/name.ts'
import type { ConsoleDeps } from './deps.ts'
import { judgeContext } from './check.ts'

const WAIT_MS = 8000
/** How many served domains are looked up. */
const DOMAINS = 20
/** Of so many of a domain's MX hosts the addresses. */
const HOSTS = 10
const PRIVATE = DEFAULT_EXEMPT.map(parseNetwork).filter((network) => network !== null)

export async function ownServer(deps: Pick<ConsoleDeps, 'settings' | 'resolver' | 'clock'>): Promise<OwnServer> {
  const settings = deps.settings.current()
  const hostname = canonicalName(settings.hostname)
  const deadline = deps.clock.monotonic() + WAIT_MS
  const domains = settings.allDomains.filter((domain) => !domain.startsWith('*.')).slice(0, DOMAINS)
  const listening = judgeContext(settings).ourAddresses
  // Both at once: the page waits.
  const asked = domains.map(async (domain) => ({ domain, answer: await deps.resolver.resolve({ name: domain, type: 'MX' }, { deadline, fresh: true }) }))
  const { addresses } = await addressesOf(deps, hostname)
  const all = [...new Set([...addresses, ...listening])].filter((address) => !isLoopback(address))
  const here = new Set(all)
  const mail = await Promise.all(asked.map(async (asking) => {
    const { domain, answer } = await asking
    const hosts = mxHostsOf(answer)
    const ours = hosts.includes(hostname) || (await whereLed(deps, hosts.slice(0, HOSTS), hostname, here)).here.length > 0
    return { domain, status: answer.status, hosts, ours }
  }))
  return {
    hostname,
    addresses: all.map((address) => ({
      address,
      from: [...(listening.includes(address) ? ['listen' as const] : []), ...(addresses.includes(address) ? ['name' as const] : [])],
      isPrivate: isPrivate(address),
    })),
    mail,
  }
}

function isPrivate(text: string): boolean {
  const address = parseAddress(text)
  return address !== null && PRIVATE.some((network) => contains(network, address))
}
