/** What advice says in words beside its remedies: a NAT firewall recognised by its signs, and for a temporary failure whose DNS it is. Pure. */
import { isTemporary } from '../dns/answer.ts'
import type { AnswerStatus, Question } from '../dns/answer.ts'
import { classifyEhlo } from '../dns/ehlo.ts'
import { ehloMatch } from '../dns/ehloside.ts'
import { answerTo } from '../dns/evidence.ts'
import type { Evidence } from '../dns/evidence.ts'
import { ptrSideQuestions } from '../dns/plan.ts'
import { recordName } from '../dns/records.ts'
import { contains, parseAddress, parseNetwork } from '../net/ip.ts'
import { asciiText } from '../net/safetext.ts'
import { judge, registrableDomain } from '../gate/verdict.ts'
import type { JudgeContext } from '../gate/verdict.ts'
import { isPrivateName } from './candidates.ts'

/** RFC 1918, 4193, 3927, 4291, 6598, 1122. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', '127.0.0.0/8', 'fc00::/7', 'fe80::/10', '::1']
  .flatMap((text) => parseNetwork(text) ?? [])

function isPrivateAddress(text: string): boolean {
  const address = parseAddress(text)
  return address !== null && PRIVATE_NETWORKS.some((network) => contains(network, address))
}

/** One sentence if the greeting bears the signs of a server behind a NAT firewall: an office's own suffix, or a private address. Null if not. */
export function natHint(evidence: Evidence): string | null {
  if (evidence.ehlo === null || isPrivateAddress(evidence.client)) return null
  const sign = natSign(evidence, evidence.ehlo)
  if (sign === null) return null
  return `${sign}: the server stands behind a NAT firewall and greets with what it is called inside; it must greet with its public name, `
    + `and that name must lead to the firewall's outer address ${evidence.client}.`
}

function natSign(evidence: Evidence, ehlo: string): string | null {
  const shown = asciiText(ehlo, 120)
  const form = classifyEhlo(ehlo)
  switch (form.kind) {
    case 'malformed':
    case 'one-label': return null
    case 'literal':
    case 'bare-address': return isPrivateAddress(form.address.text) ? `${shown} is a private address` : null
    case 'name': {
      if (isPrivateName(form.name)) return `${shown} is a name that exists only inside an office`
      const match = ehloMatch(evidence)
      const inside = match.state === 'elsewhere' ? match.addresses.find(isPrivateAddress) : undefined
      return inside === undefined ? null : `${shown} leads to the private address ${inside}`
    }
  }
}

/** What a temporary failure hangs on. `zone` is the likely one (its cut is not looked up); `nameServers` only if the evidence holds its NS records. */
export interface FailingZone {
  readonly zone: string
  readonly question: Question
  readonly status: AnswerStatus
  readonly nameServers: readonly string[]
  /** The resolver that reported it, "address:port"; null if none answered. */
  readonly resolver: string | null
}

/** Null unless the verdict is `tempfail`. Ask `{ name: zone, type: 'NS' }` and add the answer to the evidence to have the servers named. */
export function failingZone(evidence: Evidence, context: JudgeContext): FailingZone | null {
  const { verdict, reply } = judge(evidence, context)
  const client = parseAddress(evidence.client)
  if (verdict !== 'tempfail' || client === null) return null
  const match = ehloMatch(evidence)
  const asked = reply?.enhanced === '4.7.25' ? ptrSideQuestions(client, evidence.answers) : match.state === 'temporary' ? match.questions : []
  const question = asked.find((each) => isTemporary(answerTo(evidence, each)?.status ?? 'timeout'))
  if (question === undefined) return null
  const answer = answerTo(evidence, question)
  const zone = zoneOf(recordName(answer?.chain.at(-1) ?? question.name))
  const servers = answerTo(evidence, { name: zone, type: 'NS' })?.records ?? []
  return { zone, question, status: answer?.status ?? 'timeout', nameServers: servers.map(recordName), resolver: answer?.server ?? null }
}

/** A reverse zone is most often a /24, or an RFC 2317 part of one; of IPv6 a /48 (12 nibbles and "ip6.arpa"). Else the registered domain. */
function zoneOf(name: string): string {
  const labels = name.split('.')
  if (name.endsWith('.in-addr.arpa')) return labels.slice(1).join('.')
  if (name.endsWith('.ip6.arpa')) return labels.slice(-14).join('.')
  return registrableDomain(name) ?? name
}

const STATUS_WORDS: Readonly<Record<AnswerStatus, string>> = {
  found: 'answered', nodata: 'has no such record', nxdomain: 'does not exist', servfail: 'failed (SERVFAIL)',
  refused: 'was refused (REFUSED)', timeout: 'got no answer', malformed: 'got an answer that cannot be used',
}

/** One sentence: which lookup failed and how, in whose zone, and that nobody is to blame yet. */
export function failingZoneText({ zone, question, status, nameServers, resolver }: FailingZone): string {
  const servers = nameServers.length === 0 ? '' : ` (name servers ${nameServers.slice(0, 8).map((name) => asciiText(name, 120)).join(', ')})`
  const via = resolver === null ? '' : ` by way of ${resolver}`
  return `The lookup of ${asciiText(question.name, 200)} ${question.type} ${STATUS_WORDS[status]}${via}: the zone ${asciiText(zone, 200)}${servers} `
    + 'or the path to it is in trouble, and the sender will try again by itself.'
}
