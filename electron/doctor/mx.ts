/** Whose mail comes here: the MX of each served domain, many at once and bounded. */
import { randomBytes } from 'node:crypto'
import { isTemporary } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import { mxHostsOf } from '../../shared/dns/records.ts'
import { checkUp, fromFinding } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { testDomain } from '../golive/domains.ts'
import { addressesOf, whereLed } from '../golive/name.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { DoctorDeps } from './deps.ts'
import { recordResolver } from './record.ts'

const MOST_DOMAINS = 1000
const AT_ONCE = 25
const ASK_MS = 8000
/** So many are told one by one; more that are well are told together. */
const MOST_TOLD = 20
const MOST_TROUBLES = 100

export async function examineMx(deps: DoctorDeps, settings: EffectiveSettings, signal: AbortSignal): Promise<readonly CheckUp[]> {
  const domains = [...new Set(settings.allDomains.map((domain) => domain.toLowerCase()))]
  if (domains.length === 0) return [checkUp('mx', 'none', 'bad', 'No domain is served: the gate refuses every recipient.', 'Your job: name your domains in domains.')]
  const own = canonicalName(settings.hostname)
  const here = new Set([...deps.addresses(), ...(await addressesOf(deps, own)).addresses])
  const plain = domains.filter((domain) => !domain.startsWith('*.')).map(canonicalName)
  const tested = plain.slice(0, MOST_DOMAINS)
  const found: CheckUp[] = []
  const queue = [...tested, ...domains.filter((domain) => domain.startsWith('*.')).slice(0, MOST_TOLD)]
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let domain = queue.shift(); domain !== undefined && !signal.aborted; domain = queue.shift()) found.push(...await (domain.startsWith('*.') ? lookBelow : lookAt)(deps, domain, own, here))
  }))
  return [...told(found), ...(plain.length > tested.length ? [checkUp('mx', 'more', 'ok', `The first ${MOST_DOMAINS} domains were looked up; ${plain.length - tested.length} more are taken at your word.`)] : [])]
}

async function lookAt(deps: DoctorDeps, domain: string, own: string, here: ReadonlySet<string>): Promise<CheckUp[]> {
  const resolver = recordResolver(deps.resolver)
  const { finding } = await testDomain({ resolver, clock: deps.clock }, domain, own, here, true)
  return [fromFinding('mx', finding, { answers: resolver.answers }), ...aliases(domain, resolver.answers)]
}

/** RFC 2181 §10.3, RFC 5321 §5.1: what an MX names must have addresses itself. */
function aliases(domain: string, answers: readonly Answer[]): CheckUp[] {
  const mx = answers.find(({ question }) => question.type === 'MX')
  if (mx === undefined || isTemporary(mx.status)) return []
  return mxHostsOf(mx).flatMap((host) => {
    const chained = answers.find(({ question, chain }) => question.name === host && question.type !== 'MX' && chain.length > 0)
    const target = chained?.chain.at(-1)
    if (chained === undefined || target === undefined) return []
    return [checkUp('mx', `alias ${domain} ${host}`, 'todo', `The MX of ${domain} names ${host}, which is only an alias (CNAME) of ${target}: some servers refuse to send there.`,
      `Your job, or that of whoever keeps the zone ${domain}: let the MX name the host itself:`, { lines: [`${domain}. IN MX 10 ${target}.`], answers: [mx, chained] })]
  })
}

/** "*.shop.example": where mail for a name below leads that has no record of its own (RFC 4592), seen by asking for such a one. */
async function lookBelow(deps: DoctorDeps, domain: string, own: string, here: ReadonlySet<string>): Promise<CheckUp[]> {
  const resolver = recordResolver(deps.resolver)
  const parent = domain.slice(2)
  const said = (level: CheckUp['level'], says: string, todo: string | null = null, lines: readonly string[] = []) => [checkUp('mx', `domain ${domain}`, level, says, todo, { lines, answers: resolver.answers })]
  const mx = await resolver.resolve({ name: `porch-doctor-${randomBytes(8).toString('hex')}.${parent}`, type: 'MX' }, { deadline: deps.clock.monotonic() + ASK_MS, fresh: true })
  if (isTemporary(mx.status)) return said('unknown', `Names below ${parent} could not be looked up for now (${mx.status}).`, 'Are its name servers well? Test again.')
  const hosts = mxHostsOf(mx)
  if (hosts.length === 0) return said('ok', `Every name below ${parent} is served. The zone has no MX record ${domain}, so each such name needs one of its own; which have one cannot be seen from outside.`)
  const led = await whereLed({ resolver, clock: deps.clock }, hosts, own, here)
  const [first] = led.here
  if (first !== undefined) return said('ok', `The MX of ${domain} leads here (${first.host}).`)
  if (led.elsewhere.some(({ temporary }) => temporary)) return said('unknown', `Whether the MX of ${domain} leads here could not be seen: ${hosts.join(', ')} could not be looked up for now.`, 'Are its name servers well? Test again.')
  return said('bad', `The MX of ${domain} leads elsewhere (${hosts.join(', ')}): mail for names below ${parent} that have no record of their own does not come here.`, `Your job, or that of whoever keeps the zone ${parent}: let its MX lead here:`, [`${domain}. IN MX 10 ${own}.`])
}

function told(found: readonly CheckUp[]): CheckUp[] {
  const well = found.filter(({ level }) => level === 'ok')
  const rest = found.filter(({ level }) => level !== 'ok')
  const many = rest.length > MOST_TROUBLES ? [checkUp('mx', 'many', 'bad', `And ${rest.length - MOST_TROUBLES} more domains are not in order.`)] : []
  if (well.length <= MOST_TOLD) return [...rest.slice(0, MOST_TROUBLES), ...many, ...well]
  const hinted = well.filter(({ todo }) => todo !== null)
  return [...rest.slice(0, MOST_TROUBLES), ...many, checkUp('mx', 'well', 'ok', `The MX of ${well.length} domains leads here.`, null, { evidence: well.slice(0, 500).map(({ says }) => says) }), ...hinted.slice(0, MOST_TOLD)]
}
