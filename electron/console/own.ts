/**
 * Where others see the shop's own server: its host name, the addresses that DNS and the settings give it, and who receives
 * the mail of its domains. What it looks like to them is then checked like any sender.
 */
import type { OwnServer } from '../../shared/api/check.ts'
import { DEFAULT_EXEMPT } from '../../shared/config.ts'
import type { Answer, RecordType } from '../../shared/dns/answer.ts'
import { mxHostsOf } from '../../shared/dns/records.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { isLoopback } from '../../shared/net/parse.ts'
import type { ConsoleDeps } from './deps.ts'
import { judgeContext } from './check.ts'

const WAIT_MS = 8000
/** How many served domains are looked up. */
const DOMAINS = 20
const PRIVATE = DEFAULT_EXEMPT.map(parseNetwork).filter((network) => network !== null)

export async function ownServer(deps: Pick<ConsoleDeps, 'settings' | 'resolver' | 'clock'>): Promise<OwnServer> {
  const settings = deps.settings.current()
  const hostname = canonicalName(settings.hostname)
  const deadline = deps.clock.monotonic() + WAIT_MS
  const ask = (name: string, type: RecordType): Promise<Answer> => deps.resolver.resolve({ name, type }, { deadline, fresh: true })
  const domains = settings.allDomains.filter((domain) => !domain.startsWith('*.')).slice(0, DOMAINS)
  const [addresses, mail] = await Promise.all([
    Promise.all([ask(hostname, 'A'), ask(hostname, 'AAAA')]).then((answers) => answers.flatMap(({ records }) => records)),
    Promise.all(domains.map(async (domain) => {
      const answer = await ask(domain, 'MX')
      const hosts = mxHostsOf(answer)
      return { domain, status: answer.status, hosts, ours: hosts.includes(hostname) }
    })),
  ])
  const listening = judgeContext(settings).ourAddresses
  const all = [...new Set([...addresses, ...listening])].filter((address) => !isLoopback(address))
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
