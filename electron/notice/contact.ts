/**
 * Finds who could be written to about a sender: the reverse zone's SOA, the registries, and what the session itself knows. Asked when
 * the admin looks, never on the SMTP path. Promises: bounded in time; what could not be asked is a remark, not a failure.
 */
import type { Answer } from '../../shared/dns/answer.ts'
import { registrableDomain } from '../../shared/gate/verdict.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { contactCandidates, delegationQuestion, reverseZoneQuestions, rnameOf } from '../../shared/notice/contacts.ts'
import type { ContactCandidate, ContactFacts, ContactSubject } from '../../shared/notice/contacts.ts'
import type { Clock, RdapPort, ResolverPort } from '../ports.ts'

const DNS_MS = 6000
const RDAP_MS = 20_000

export interface ContactDeps {
  readonly resolver: Pick<ResolverPort, 'resolve'>
  readonly clock: Clock
  readonly rdap: Pick<RdapPort, 'network' | 'domain'>
}

export interface FoundContacts {
  readonly candidates: readonly ContactCandidate[]
  /** What could not be asked, one sentence each without its full stop. */
  readonly remarks: readonly string[]
}

export async function findContacts(deps: ContactDeps, subject: ContactSubject): Promise<FoundContacts> {
  const remarks: string[] = []
  const [soa, network, domain] = await Promise.all([reverseZone(deps, subject), networkOf(deps, subject, remarks), domainOf(deps, subject)])
  return { candidates: contactCandidates(subject, { soa, network, domain }), remarks }
}

async function reverseZone({ resolver, clock }: ContactDeps, { client }: ContactSubject): Promise<ContactFacts['soa']> {
  const options = { deadline: clock.monotonic() + DNS_MS, fresh: false }
  const ptr = await resolver.resolve(delegationQuestion(client), options)
  const answers: Answer[] = await Promise.all(reverseZoneQuestions(client, ptr).map((question) => resolver.resolve(question, options)))
  // With a CNAME in between it is the SOA of another name.
  const zone = answers.find((answer) => answer.status === 'found' && answer.chain.length === 0)
  const rname = zone === undefined ? null : rnameOf(zone)
  return zone === undefined || rname === null ? null : { zone: zone.question.name, rname }
}

async function networkOf({ rdap }: ContactDeps, { client }: ContactSubject, remarks: string[]): Promise<ContactFacts['network']> {
  const found = await within(rdap.network(client.text), RDAP_MS)
  if (found?.known === true) return found
  remarks.push(`the registry’s contacts of ${client.text} are not known: ${found?.why ?? 'the registry gave no answer in time'}`)
  return null
}

/** Beside postmaster@, and worth no remark: most registries tell nothing of a domain's contacts. */
async function domainOf({ rdap }: ContactDeps, { verifiedName }: ContactSubject): Promise<ContactFacts['domain']> {
  const domain = verifiedName === null ? null : registrableDomain(canonicalName(verifiedName))
  const found = domain === null ? null : await within(rdap.domain(domain), RDAP_MS)
  return found?.known === true ? found : null
}

/** Null when it takes longer. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
