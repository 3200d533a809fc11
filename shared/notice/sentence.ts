/**
 * What is wrong, in words: a few for a row of the list, one sentence for the detail pane, which also says whose job it is.
 * Plain text of one line; whatever a client or its DNS said is escaped.
 */
import { questionText } from '../dns/answer.ts'
import type { Answer } from '../dns/answer.ts'
import { classifyEhlo } from '../dns/ehlo.ts'
import { ehloMatch } from '../dns/ehloside.ts'
import { answerTo } from '../dns/evidence.ts'
import type { Evidence } from '../dns/evidence.ts'
import { addressTypes } from '../dns/plan.ts'
import type { Finding, SessionRecord } from '../events.ts'
import { parseAddress } from '../net/ip.ts'
import { asciiText, visibleText } from '../net/safetext.ts'
import { otherReason } from './otherwise.ts'
import { partiesOf } from './remedy.ts'
import type { Remedy, Step } from './remedy.ts'

/** The part of a session's record that its words are made of. */
export type Judged = Pick<SessionRecord, 'client' | 'ehlo' | 'verdict' | 'findings' | 'refusedFor' | 'ptrNames' | 'verifiedName' | 'disposition' | 'reply'>

/** As frozen in the journal; the session's name is the one that the answers were gathered for. */
export function evidenceOf(session: Pick<SessionRecord, 'client' | 'ehlo'>, answers: readonly Answer[]): Evidence {
  return { client: session.client, ehlo: session.ehlo, answers: new Map(answers.map((answer) => [questionText(answer.question), answer])) }
}

/** For a list row, such as "no reverse name, name leads to 216.33.97.70". Without the answers it says "leads elsewhere". */
export function verdictInWords(session: Judged, answers: readonly Answer[] = []): string {
  const other = otherReason(session)
  if (other !== null) return other.short
  if (session.verdict === null) return session.disposition === 'limited' ? 'over a limit' : 'not checked'
  const evidence = evidenceOf(session, answers)
  if (session.refusedFor.length > 0) return session.refusedFor.slice(0, 2).map((finding) => inWords(finding, session, evidence)).join(', ')
  return session.findings.length === 0 ? 'in order' : `passes, though ${session.findings.slice(0, 2).map((finding) => inWords(finding, session, evidence)).join(', ')}`
}

function inWords(finding: Finding, session: Judged, evidence: Evidence): string {
  switch (finding) {
    case 'ptr-missing': return 'no reverse name'
    case 'ptr-unconfirmed': return `reverse name leads ${places(reverseAddresses(session, evidence), 'elsewhere')}`
    case 'ehlo-malformed': return 'name is malformed'
    case 'ehlo-ours': return 'name is ours'
    case 'ehlo-literal-mismatch': return 'address of another host'
    case 'ehlo-literal': return 'address instead of a name'
    case 'ehlo-not-fqdn': return isBareAddress(session.ehlo) ? 'address instead of a name' : 'name has no domain'
    case 'ehlo-bare-domain': return 'domain without host part'
    case 'ehlo-unresolvable': return 'name does not exist'
    case 'ehlo-mismatch': return `name leads ${places(greetingAddresses(evidence), 'elsewhere')}`
    case 'dns-temporary': return 'DNS does not answer'
  }
}

function isBareAddress(ehlo: string | null): boolean {
  return ehlo !== null && classifyEhlo(ehlo).kind === 'bare-address'
}

function places(addresses: readonly string[], otherwise: string): string {
  if (addresses.length === 0) return otherwise
  return `to ${addresses.slice(0, 2).join(' and ')}${addresses.length > 2 ? ' and others' : ''}`
}

function greetingAddresses(evidence: Evidence): readonly string[] {
  const match = ehloMatch(evidence)
  return match.state === 'elsewhere' ? match.addresses : []
}

function reverseAddresses({ ptrNames }: Judged, evidence: Evidence): readonly string[] {
  const client = parseAddress(evidence.client)
  const [name] = ptrNames
  if (client === null || name === undefined) return []
  return answerTo(evidence, { name, type: addressTypes(client).own })?.records ?? []
}

/** For the detail pane. `remedies` are the advice for this session, `trouble` the sentence on the failing zone if there is one. */
export function sentence(session: Judged, answers: readonly Answer[], remedies: readonly Remedy[], trouble: string | null = null): string {
  const other = otherReason(session)
  if (other !== null && session.verdict !== 'accept') return `${session.client} was refused: ${other.long}${session.verdict === null ? '; its DNS was not looked at' : ''}.`
  if (session.verdict === null) return `${session.client} was not checked: ${notChecked(session)}.`
  const evidence = evidenceOf(session, answers)
  switch (session.verdict) {
    case 'accept': return acceptedSentence(session)
    case 'tempfail': return trouble ?? `The DNS of ${session.client} or of the name it gave did not answer; the sender will try again by itself.`
    case 'reject': {
      const wrong = listed(session.refusedFor.map((finding) => clause(finding, session, evidence)))
      const [first] = remedies
      return `${wrong.replace(/^the /, 'The ')}: ${first === undefined ? 'the sender must repair it' : listed(partiesOf(first.steps).map((who) => duty(who, first)))}${aside(session)}.`
    }
  }
}

function notChecked({ disposition }: Judged): string {
  switch (disposition) {
    case 'limited': return 'it was over a limit'
    case 'exempt': return 'it is exempt'
    case 'banned': return 'it is banned'
    case 'whitelisted': return 'it is whitelisted'
    case 'rejected':
    case 'deferred':
    case 'bounced-by-backend':
    case 'would-reject':
    case 'would-defer':
    case 'accepted':
    case 'aborted': return 'it was gone before its DNS was known'
  }
}

function acceptedSentence(session: Judged): string {
  const who = session.verifiedName === null ? `${session.client} passes the rules` : `${session.client} is ${asciiText(session.verifiedName, 120)}, and its DNS is in order`
  const said = session.reply === null ? '' : ` (${visibleText(session.reply, 160)})`
  switch (session.disposition) {
    case 'rejected':
    case 'banned':
    case 'limited': return `${who}: it was refused for something other than DNS${said}.`
    case 'deferred':
    case 'bounced-by-backend': return `${who}: the mail was turned down further on, which is for this shop to look at${said}.`
    case 'whitelisted':
    case 'exempt':
    case 'would-reject':
    case 'would-defer':
    case 'accepted':
    case 'aborted': return `${who}: nothing is wrong.`
  }
}

function clause(finding: Finding, session: Judged, evidence: Evidence): string {
  const { client, ptrNames } = session
  const name = session.ehlo === null || session.ehlo === '' ? 'the name it gave' : asciiText(session.ehlo, 120)
  switch (finding) {
    case 'ptr-missing': return `${client} has no reverse name`
    case 'ptr-unconfirmed':
      return `the reverse name ${asciiText(ptrNames[0] ?? '', 120)} of ${client} leads ${places(reverseAddresses(session, evidence), 'nowhere')} and not back`
    case 'ehlo-malformed': return `${name} is not a host name`
    case 'ehlo-ours': return `${name} is our own name and not the sender's`
    case 'ehlo-literal-mismatch': return `${name} is not the address ${client} from which it comes`
    case 'ehlo-literal': return `${name} is an address and not a name`
    case 'ehlo-not-fqdn': return isBareAddress(session.ehlo) ? `${name} is an address and not a name` : `${name} is a bare word without a domain`
    case 'ehlo-bare-domain': return `${name} is a domain without a host part`
    case 'ehlo-unresolvable': return `${name} does not exist in DNS`
    case 'ehlo-mismatch': return `${name} leads ${places(greetingAddresses(evidence), 'elsewhere')} and not to ${client}`
    case 'dns-temporary': return 'DNS did not answer'
  }
}

function duty(who: Step['who'], { steps }: Remedy): string {
  const own = steps.filter((step) => step.who === who)
  switch (who) {
    case 'server': return `whoever runs the sending server must let it greet with ${asciiText(own[0]?.value ?? 'its own name', 120)}`
    case 'domain-owner': return `the owner of ${asciiText(own[0]?.name ?? 'the domain', 120)} must correct its address record`
    case 'address-owner': return `the owner of the address (its ISP or data centre) must ${own.every((step) => step.do === 'add') ? 'add a PTR record' : 'correct its PTR records'}`
  }
}

function aside({ disposition }: Judged): string {
  switch (disposition) {
    case 'whitelisted': return ' (it is whitelisted and was let through)'
    case 'exempt': return ' (it is exempt and was let through)'
    case 'would-reject':
    case 'would-defer': return ' (only observed: it was let through)'
    case 'banned':
    case 'limited':
    case 'rejected':
    case 'deferred':
    case 'bounced-by-backend':
    case 'accepted':
    case 'aborted': return ''
  }
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`
}
