/**
 * What if: one stored session judged again, from its frozen evidence, by each rule set (PRODUCT, What if). Pure.
 * Promises: under the rules of the time the outcome is the session's own verdict; sessions that no rule set decides (banned,
 * whitelisted, exempt, over a limit, without a recipient of ours, to postmaster alone) are told apart and never change sides.
 */
import type { Answer } from '../dns/answer.ts'
import { questionText } from '../dns/answer.ts'
import { classifyEhlo } from '../dns/ehlo.ts'
import type { SessionRecord, VerdictKind } from '../events.ts'
import { clientScope, neighbourhood, parseAddress } from '../net/ip.ts'
import { replyLine } from '../smtp/reply.ts'
import { REPLIES } from '../smtp/codes.ts'
import { classifyRecipient } from './disposition.ts'
import { judge, refusesFor, registrableDomain } from './verdict.ts'
import type { JudgeContext, RuleSet } from './verdict.ts'

export const RULE_SETS: readonly RuleSet[] = ['house', 'standard', 'lenient']

/** Whose rules: the gate's own name and what it serves, as the settings have them now. */
export type WhatIfTerms = Pick<JudgeContext, 'hostname' | 'domains'>

export interface Rejudged {
  /** What the rules of the time said, whatever the mode did about it. */
  readonly then: VerdictKind
  readonly under: Readonly<Record<RuleSet, VerdictKind>>
}

/** Null: the rules had no say in what became of this session. The evidence is asked for only if it can matter. */
export function rejudge(session: SessionRecord, evidence: () => readonly Answer[], terms: WhatIfTerms): Rejudged | null {
  if (session.verdict === null || !isInPlay(session)) return null
  // What all rules refuse for is in the record; most of a journal is such, and need not be unpacked.
  const hopeless = session.findings.some((finding) => refusesFor(finding, 'lenient'))
  return { then: session.verdict, under: hopeless ? { house: 'reject', standard: 'reject', lenient: 'reject' } : verdictsOf(session, evidence(), terms) }
}

function verdictsOf(session: SessionRecord, answers: readonly Answer[], terms: WhatIfTerms): Record<RuleSet, VerdictKind> {
  // Evidence too long to be kept: the findings, which are listed whatever the rules, stand for it.
  if (answers.length === 0 && session.iprev !== 'temperror') return byFindings(session)
  const evidence = { client: session.client, ehlo: session.ehlo, answers: new Map(answers.map((answer) => [questionText(answer.question), answer])) }
  const context = contextOf(session, terms)
  const house = judge(evidence, { ...context, rules: 'house' })
  const under = (rules: RuleSet): VerdictKind => {
    if (house.findings.some((finding) => refusesFor(finding, rules))) return 'reject'
    // House needs all that the others need: what it accepts, they accept.
    return house.verdict === 'accept' ? 'accept' : judge(evidence, { ...context, rules }).verdict
  }
  return { house: house.verdict, standard: under('standard'), lenient: under('lenient') }
}

function byFindings({ findings, verdict }: SessionRecord): Record<RuleSet, VerdictKind> {
  const under = (rules: RuleSet): VerdictKind => (findings.some((finding) => refusesFor(finding, rules)) ? 'reject' : verdict === 'tempfail' ? 'tempfail' : 'accept')
  return { house: under('house'), standard: under('standard'), lenient: under('lenient') }
}

/** What was found to be ours at the time (a name the gate had then, an address the client arrived on) stays ours. */
function contextOf(session: SessionRecord, terms: WhatIfTerms): Omit<JudgeContext, 'rules'> {
  const none = { ...terms, ourAddresses: [] }
  if (session.ehlo === null || !session.findings.includes('ehlo-ours')) return none
  const form = classifyEhlo(session.ehlo)
  switch (form.kind) {
    case 'malformed': return none
    case 'literal':
    case 'bare-address': return { ...none, ourAddresses: [form.address.text] }
    case 'one-label':
    case 'name': return { ...none, hostname: form.name }
  }
}

/** Whether the rules decide about it: some recipient of ours that is not taken whatever DNS says, or a refusal before any recipient. */
function isInPlay(session: SessionRecord): boolean {
  switch (session.disposition) {
    case 'banned':
    case 'limited':
    case 'whitelisted':
    case 'exempt':
      return false
    case 'rejected':
    case 'deferred':
    case 'bounced-by-backend':
    case 'would-reject':
    case 'would-defer':
    case 'accepted':
    case 'aborted':
      break
  }
  const recipients = session.transactions.flatMap((transaction) => transaction.recipients)
  if (recipients.length === 0) return session.refusedFor.length > 0 && (session.disposition === 'rejected' || session.disposition === 'deferred')
  return recipients.some(({ address, reply }) => reply !== RELAY && classifyRecipient(address, [], true) !== 'always')
}

const RELAY = replyLine(REPLIES.relay)

/** A sender as the admin thinks of one. `key`: equal for the same sender. */
export interface SenderId {
  readonly key: string
  /** What remembers accepted mail of its address, whatever DNS said of it at the time. */
  readonly addressKey: string
  /** The registered domain of its verified name, else of the name it claims in EHLO; null: it claims none. */
  readonly domain: string | null
  readonly verified: boolean
}

/** The network (/24, /64) with the registered domain of the verified name; without one the address alone (of IPv6 the /64), as claims change. */
export function senderOf(session: SessionRecord): SenderId {
  const address = parseAddress(session.client)
  const addressKey = address === null ? session.client : clientScope(address).text
  if (session.verifiedName !== null) {
    const domain = registrableDomain(session.verifiedName) ?? session.verifiedName
    return { key: `${address === null ? session.client : neighbourhood(address).text} ${domain}`, addressKey, domain, verified: true }
  }
  const form = session.ehlo === null ? null : classifyEhlo(session.ehlo)
  return { key: addressKey, addressKey, domain: form?.kind === 'name' ? (registrableDomain(form.name) ?? form.name) : null, verified: false }
}
