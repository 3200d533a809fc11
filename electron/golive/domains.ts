/**
 * The wizard's look at the served domains: does the MX of each lead here? Other MX hosts of theirs pass mail on, with their
 * own address in front: they are offered as exempt, so that nobody is judged by his forwarder's DNS.
 */
import type { OtherHost } from '../../shared/api/golive.ts'
import { isTemporary } from '../../shared/dns/answer.ts'
import { mxHostsOf } from '../../shared/dns/records.ts'
import type { Finding } from '../../shared/golive.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { parseMailDomain } from '../../shared/net/parse.ts'
import { finding, unsure } from './finding.ts'
import { addressesOf, whereLed } from './name.ts'
import type { NameDeps } from './name.ts'

/** More are taken at their word: a file of thousands must not be asked of a name server one by one. */
const MOST_TESTED = 50
const AT_ONCE = 8
const ASK_MS = 8000

export interface DomainsTest {
  readonly findings: readonly Finding[]
  readonly others: readonly OtherHost[]
}

export async function testDomains(deps: Pick<NameDeps, 'resolver' | 'clock' | 'addresses'>, domains: readonly string[], hostname: string): Promise<DomainsTest> {
  if (domains.length === 0) return { findings: [finding('domains', 'bad', 'No domain is named: the gate would refuse every recipient.', 'Type the domains your shop receives mail for, one a line.')], others: [] }
  const wrong = domains.filter((domain) => parseMailDomain(domain) === null)
  if (wrong.length > 0) return { findings: wrong.slice(0, 20).map((domain) => finding(`domain ${domain}`, 'bad', `“${domain}” is not a domain.`, 'Such as shop.example, or *.shop.example for all names below it.')), others: [] }
  const own = canonicalName(hostname)
  const here = new Set([...deps.addresses, ...(own === '' ? [] : (await addressesOf(deps, own)).addresses)])
  const plain = domains.filter((domain) => !domain.startsWith('*.')).map(canonicalName)
  const tested = plain.slice(0, MOST_TESTED)
  const results: { readonly finding: Finding; readonly others: readonly OtherHost[] }[] = []
  for (let at = 0; at < tested.length; at += AT_ONCE) results.push(...await Promise.all(tested.slice(at, at + AT_ONCE).map((domain) => testDomain(deps, domain, own, here))))
  const others = new Map(results.flatMap(({ others: hosts }) => hosts).map((host) => [host.address, host]))
  const more = [
    ...(plain.length > tested.length ? [finding('more', 'note', `The first ${MOST_TESTED} domains were looked up; ${plain.length - tested.length} more are taken at your word.`)] : []),
    ...domains.filter((domain) => domain.startsWith('*.')).slice(0, 20).map((domain) => finding(`domain ${domain}`, 'note', `${domain}: every name below ${domain.slice(2)} is served; which of them have an MX cannot be seen from outside.`)),
  ]
  return { findings: [...results.map((result) => result.finding), ...more], others: [...others.values()] }
}

/** One plain domain. `here`: the addresses that are this machine's. `live`: the gate runs, and mail that goes elsewhere goes astray; before that it is too early for more than a warning. */
export async function testDomain(deps: Pick<NameDeps, 'resolver' | 'clock'>, domain: string, own: string, here: ReadonlySet<string>, live = false): Promise<{ readonly finding: Finding; readonly others: readonly OtherHost[] }> {
  const id = `domain ${domain}`
  const said = (state: Finding['state'], says: string, todo: string | null = null, lines: readonly string[] = []) => ({ finding: finding(id, state, says, todo, lines), others: [] as OtherHost[] })
  const wanted = own === '' ? [] : [`${domain}. IN MX 10 ${own}.`]
  const answer = await deps.resolver.resolve({ name: domain, type: 'MX' }, { deadline: deps.clock.monotonic() + ASK_MS, fresh: true })
  if (isTemporary(answer.status)) return { finding: unsure(id, `${domain} could not be looked up for now (${answer.status}).`, 'Are its name servers well? Test again.'), others: [] }
  if (answer.status === 'nxdomain') return said('bad', `${domain} does not exist in DNS.`, 'Is it typed right?')
  const hosts = mxHostsOf(answer)
  if (answer.status === 'found' && hosts.length === 0) return said('bad', `${domain} says that it takes no mail at all (a null MX).`, 'Replace the MX record:', wanted)
  const names = hosts.length > 0 ? hosts : [domain]
  const led = await whereLed(deps, names, own, here)
  const others = led.elsewhere.flatMap(({ host, addresses }) => addresses.map((address) => ({ host, address })))
  const elsewhere = led.elsewhere.map(({ host }) => host)
  const [first] = led.here
  if (first === undefined) {
    const open = led.elsewhere.filter(({ temporary }) => temporary).map(({ host }) => host)
    if (open.length > 0) return { finding: unsure(id, `Whether the MX of ${domain} leads here could not be seen: ${open.join(', ')} could not be looked up for now.`, 'Are its name servers well? Test again.'), others: [] }
    const where = hosts.length === 0 ? (others.length === 0 ? `${domain} has no MX and no address` : `${domain} has no MX, and its address is another machine’s`) : `The MX of ${domain} leads elsewhere (${elsewhere.join(', ')})`
    const nameFirst = own === '' ? 'Name the gate’s host name first, then test again.' : null
    if (live) return { finding: finding(id, 'bad', `${where}: its mail does not come here.`, `Your job, or that of whoever keeps the zone ${domain}: ${nameFirst ?? 'let its MX lead here:'}`, wanted), others }
    return { finding: finding(id, 'warning', `${where}: its mail does not come here yet.`, nameFirst ?? 'When all else is right, let its MX lead here:', wanted), others }
  }
  if (hosts.length === 0) return { finding: finding(id, 'note', `${domain} has no MX record; its address is this machine, so its mail comes here all the same.`, 'An MX record makes it plain:', wanted), others }
  const also = elsewhere.length === 0 ? '' : ` Mail may also come in through ${elsewhere.join(', ')}.`
  return { finding: finding(id, elsewhere.length === 0 ? 'good' : 'note', `The MX of ${domain} leads here (${first.host}).${also}`, elsewhere.length === 0 ? null : 'If those hosts are yours and pass mail on to this gate, tick them above as exempt: they come with their own address, not the sender’s.'), others }
}
