/**
 * The verdict: what the rules say of a client and its EHLO name, from evidence alone (POLICY, Verdict).
 * Pure. A temporary answer never turns an accept into a reject, and never softens a certain refusal.
 */
import { getDomain } from 'tldts'
import { ehloMatch } from '../dns/ehloside.ts'
import type { EhloMatch } from '../dns/ehloside.ts'
import { classifyEhlo } from '../dns/ehlo.ts'
import type { EhloForm } from '../dns/ehlo.ts'
import type { Evidence } from '../dns/evidence.ts'
import { iprevOf } from '../dns/iprev.ts'
import type { IprevResult } from '../dns/iprev.ts'
import { FINDINGS } from '../events.ts'
import type { Finding, Iprev, VerdictKind } from '../events.ts'
import { canonicalName } from '../net/domain.ts'

export type RuleSet = 'house' | 'standard' | 'lenient'

export interface JudgeContext {
  readonly rules: RuleSet
  /** The gate's own host name, canonical. */
  readonly hostname: string
  /** Served domains as in the settings ("shop.example", "*.shop.example"). */
  readonly domains: readonly string[]
  /** Canonical addresses on which the client arrived (usually one). */
  readonly ourAddresses: readonly string[]
}

/** A code of RFC 5321 §4.2.1 and an enhanced status code of RFC 3463 (the x.7.25 of RFC 7372). */
export interface ReplyCode {
  readonly code: number
  readonly enhanced: string
}

/** Decision and reply together. `reply` is null for accept; its `finding` is the one that names it. */
export interface Judgement {
  readonly ehlo: string | null
  readonly verdict: VerdictKind
  readonly iprev: Iprev
  readonly ptrNames: readonly string[]
  /** PTR names that lead back to the client, in the order of `ptrNames`. */
  readonly verifiedNames: readonly string[]
  readonly findings: readonly Finding[]
  readonly refusedFor: readonly Finding[]
  readonly reply: (ReplyCode & { readonly finding: Finding }) | null
}

type Certain = Exclude<Finding, 'dns-temporary'>

const NONE: readonly Finding[] = []
const ALL: readonly RuleSet[] = ['house', 'standard', 'lenient']
const HOUSE_AND_STANDARD: readonly RuleSet[] = ['house', 'standard']
const HOUSE: readonly RuleSet[] = ['house']

/** POLICY's table: which rules refuse for a finding, and the reply to RCPT. */
const TABLE: Readonly<Record<Certain, ReplyCode & { readonly refusing: readonly RuleSet[] }>> = {
  'ptr-missing': { refusing: ALL, code: 550, enhanced: '5.7.25' },
  'ptr-unconfirmed': { refusing: HOUSE_AND_STANDARD, code: 550, enhanced: '5.7.25' },
  'ehlo-malformed': { refusing: ALL, code: 550, enhanced: '5.5.2' },
  'ehlo-ours': { refusing: ALL, code: 550, enhanced: '5.7.1' },
  'ehlo-literal-mismatch': { refusing: HOUSE_AND_STANDARD, code: 550, enhanced: '5.7.1' },
  'ehlo-literal': { refusing: HOUSE, code: 550, enhanced: '5.7.1' },
  'ehlo-not-fqdn': { refusing: HOUSE_AND_STANDARD, code: 504, enhanced: '5.5.2' },
  'ehlo-bare-domain': { refusing: HOUSE, code: 550, enhanced: '5.7.1' },
  'ehlo-unresolvable': { refusing: HOUSE, code: 550, enhanced: '5.7.1' },
  'ehlo-mismatch': { refusing: HOUSE, code: 550, enhanced: '5.7.1' },
}

/** Whether rules refuse for a finding; `dns-temporary` refuses nobody for good. */
export function refusesFor(finding: Finding, rules: RuleSet): boolean {
  return finding !== 'dns-temporary' && TABLE[finding].refusing.includes(rules)
}

/** The reply to an EHLO or HELO whose name is malformed (RFC 5321 §4.1.1.1: an invalid argument); needs no DNS. */
export const MALFORMED_AT_EHLO: ReplyCode = { code: 501, enhanced: '5.5.2' }
/** RFC 7372 §3.3, and a directory (DNS) failure of RFC 3463. */
export const TEMPORARY_PTR_SIDE: ReplyCode = { code: 451, enhanced: '4.7.25' }
export const TEMPORARY_EHLO_SIDE: ReplyCode = { code: 451, enhanced: '4.4.3' }

/** Evidence may be unfinished or have no EHLO yet: what is not answered counts as temporary where the rules need it. */
export function judge(evidence: Evidence, context: JudgeContext): Judgement {
  const reverse = iprevOf(evidence)
  const match = ehloMatch(evidence)
  const certain = [...reverseFindings(reverse), ...ehloFindings(evidence, match, context)].sort(byTable)
  const refusedFor: Finding[] = certain.filter((finding) => TABLE[finding].refusing.includes(context.rules))
  // Spelled out: what is spread into an object is kept apart from it, and each open connection has a judgement.
  const { iprev, ptrNames, verifiedNames } = reverse
  const { ehlo } = evidence
  const findings = certain.length === 0 ? NONE : certain

  const [first] = certain.filter((finding) => refusedFor.includes(finding))
  if (first !== undefined) {
    const { code, enhanced } = TABLE[first]
    return { ehlo, verdict: 'reject', iprev, ptrNames, verifiedNames, findings, refusedFor, reply: { code, enhanced, finding: first } }
  }
  const open = openCheck(reverse, match, context)
  if (open === null) return { ehlo, verdict: 'accept', iprev, ptrNames, verifiedNames, findings, refusedFor: NONE, reply: null }
  const finding = 'dns-temporary'
  return { ehlo, verdict: 'tempfail', iprev, ptrNames, verifiedNames, findings: [...certain, finding], refusedFor: [finding], reply: { ...open, finding } }
}

function byTable(a: Finding, b: Finding): number {
  return FINDINGS.indexOf(a) - FINDINGS.indexOf(b)
}

function reverseFindings({ iprev }: IprevResult): Certain[] {
  switch (iprev) {
    case 'permerror': return ['ptr-missing']
    case 'fail': return ['ptr-unconfirmed']
    case 'pass':
    case 'temperror': return []
  }
}

function ehloFindings(evidence: Evidence, match: EhloMatch, context: JudgeContext): Certain[] {
  if (evidence.ehlo === null) return []
  const form = classifyEhlo(evidence.ehlo)
  const ofForm = isOurs(form, match, context) ? ['ehlo-ours' as const] : formFindings(form, evidence.client)
  const bare = form.kind === 'name' && isRegistrableDomain(form.name) ? ['ehlo-bare-domain' as const] : []
  return [...ofForm, ...bare, ...matchFindings(match)]
}

/**
 * The gate's own name and address, whoever says them; a served domain unless it leads to the client. While DNS does not say
 * whether it does, it is not certain (openCheck). An entry "*.shop.example" makes no name ours.
 */
function isOurs(form: EhloForm, match: EhloMatch, context: JudgeContext): boolean {
  switch (form.kind) {
    case 'malformed': return false
    case 'literal':
    case 'bare-address': return context.ourAddresses.includes(form.address.text)
    case 'one-label':
    case 'name':
      if (form.name === canonicalName(context.hostname)) return true
      return isServedDomain(form.name, context) && match.state !== 'match' && match.state !== 'temporary'
  }
}

function isServedDomain(name: string, { domains }: JudgeContext): boolean {
  return domains.some((entry) => canonicalName(entry) === name)
}

function formFindings(form: EhloForm, client: string): Certain[] {
  switch (form.kind) {
    case 'malformed': return ['ehlo-malformed']
    case 'literal': return [form.address.text === client ? 'ehlo-literal' : 'ehlo-literal-mismatch']
    case 'bare-address':
    case 'one-label': return ['ehlo-not-fqdn']
    case 'name': return []
  }
}

function matchFindings(match: EhloMatch): Certain[] {
  switch (match.state) {
    case 'elsewhere': return ['ehlo-mismatch']
    case 'unresolvable': return ['ehlo-unresolvable']
    case 'not-asked':
    case 'match':
    case 'temporary': return []
  }
}

const ICANN_ONLY = { allowPrivateDomains: false, extractHostname: false, validateHostname: false, detectIp: false, mixedInputs: false }

/**
 * The domain one registers, by the ICANN section of the public suffix list ("acme.co.uk" of "mx.acme.co.uk"); null for a public suffix
 * itself. Under an unknown top-level domain the list's own default rule holds: one label more than it.
 */
export function registrableDomain(name: string): string | null {
  return getDomain(name, ICANN_ONLY)
}

function isRegistrableDomain(name: string): boolean {
  return registrableDomain(name) === name
}

/**
 * Whether a check that the rules need hangs on a temporary answer, with the reply that names the side. House needs both sides; standard
 * the whole PTR side; lenient only the PTR answer itself; each of them what `ehlo-ours` needs.
 */
function openCheck(reverse: IprevResult, match: EhloMatch, context: JudgeContext): ReplyCode | null {
  const ptrAnswerOpen = reverse.iprev === 'temperror' && reverse.ptrNames.length === 0
  const ptrOpen = context.rules === 'lenient' ? ptrAnswerOpen : reverse.iprev === 'temperror'
  if (ptrOpen) return TEMPORARY_PTR_SIDE
  if (match.state !== 'temporary') return null
  return context.rules === 'house' || isServedDomain(match.name, context) ? TEMPORARY_EHLO_SIDE : null
}

const SEVERITY: Readonly<Record<VerdictKind, number>> = { accept: 0, tempfail: 1, reject: 2 }

/** The one that stands of two judgements of one connection: the worse; the earlier if they are alike (POLICY: worst verdict stands). */
export function worseOf(earlier: Judgement, later: Judgement): Judgement {
  return SEVERITY[later.verdict] > SEVERITY[earlier.verdict] ? later : earlier
}
