/** Whose mail comes here: the MX of each served domain, many at once and bounded. */
import { isTemporary } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import { mxHostsOf } from '../../shared/dns/records.ts'
import { checkUp, fromFinding } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { testDomain } from '../golive/domains.ts'
import { addressesOf } from '../golive/name.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { DoctorDeps } from './deps.ts'
import { recordResolver } from './record.ts'

const MOST_DOMAINS = 1000
const AT_ONCE = 25
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
  const queue = [...tested]
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let domain = queue.shift(); domain !== undefined && !signal.aborted; domain = queue.shift()) found.push(...await lookAt(deps, domain, own, here))
  }))
  return [...told(found), ...wildcards(domains), ...(plain.length > tested.length ? [checkUp('mx', 'more', 'ok', `The first ${MOST_DOMAINS} domains were looked up; ${plain.length - tested.length} more are taken at your word.`)] : [])]
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

function wildcards(domains: readonly string[]): CheckUp[] {
  return domains.filter((domain) => domain.startsWith('*.')).slice(0, MOST_TOLD)
    .map((domain) => checkUp('mx', domain, 'ok', `${domain}: every name below ${domain.slice(2)} is served; which of them have an MX cannot be seen from outside.`))
}

function told(found: readonly CheckUp[]): CheckUp[] {
  const well = found.filter(({ level }) => level === 'ok')
  const rest = found.filter(({ level }) => level !== 'ok')
  const many = rest.length > MOST_TROUBLES ? [checkUp('mx', 'many', 'bad', `And ${rest.length - MOST_TROUBLES} more domains are not in order.`)] : []
  if (well.length <= MOST_TOLD) return [...rest.slice(0, MOST_TROUBLES), ...many, ...well]
  const hinted = well.filter(({ todo }) => todo !== null)
  return [...rest.slice(0, MOST_TROUBLES), ...many, checkUp('mx', 'well', 'ok', `The MX of ${well.length} domains leads here.`, null, { evidence: well.slice(0, 500).map(({ says }) => says) }), ...hinted.slice(0, MOST_TOLD)]
}
