/**
 * The disposition: what the gate does about a verdict (POLICY, Disposition). Pure: verdict + lists + policy + now.
 */
import type { Finding } from '../events.ts'
import { canonicalName, isHostName } from '../net/domain.ts'
import { parseMailDomain } from '../net/parse.ts'
import { MALFORMED_AT_EHLO, TEMPORARY_EHLO_SIDE, TEMPORARY_PTR_SIDE } from './verdict.ts'
import type { Judgement } from './verdict.ts'

/** How the gate stands to a client before any verdict. */
export type Standing = 'judged' | 'whitelisted' | 'exempt'
export type Mode = 'enforce' | 'observe' | 'grace'

export interface PolicyNow {
  readonly mode: Mode
  /** In grace mode: whether the network's N days since its first would-be refusal are over. */
  readonly graceOver: boolean
  /** The shop's own DNS is known to be sick. */
  readonly canaryRed: boolean
  /** Whitelist entries by verified name exist and the PTR side is temporary: a reject becomes a tempfail. */
  readonly nameMatchPending: boolean
}

/** What is done: let through (with what enforcing would have done), or refuse with a reply that is said at the stage `rejectAt`. */
export type Ruling =
  | { readonly kind: 'pass'; readonly would: 'reject' | 'defer' | null }
  | { readonly kind: 'reject' | 'defer'; readonly code: number; readonly enhanced: string; readonly finding: Finding; readonly strike: boolean }

const PASS: Ruling = { kind: 'pass', would: null }

export function ruleOn(judgement: Judgement, standing: Standing, now: PolicyNow): Ruling {
  if (standing !== 'judged' || judgement.reply === null) return PASS
  const { code, enhanced, finding } = judgement.reply
  const refusing = judgement.verdict === 'reject'
  const strict: Ruling = deferral(now, refusing) ?? { kind: refusing ? 'reject' : 'defer', code, enhanced, finding, strike: refusing }
  switch (now.mode) {
    case 'enforce': return strict
    case 'observe': return { kind: 'pass', would: strict.kind }
    case 'grace': return strict.kind === 'reject' && !now.graceOver ? softened(enhanced, finding) : strict
  }
}

/**
 * What EHLO or HELO itself is answered when its name is malformed, whatever `rejectAt` says: 501 without waiting for DNS (where whitelist
 * entries by name exist the caller awaits the PTR side first); `pass`: 250. The RCPTs that follow are `ruleOn`'s.
 */
export function ruleOnMalformedEhlo(standing: Standing, now: PolicyNow): Ruling {
  if (standing !== 'judged') return PASS
  const strict = deferral(now, true)
  if (now.mode === 'observe') return { kind: 'pass', would: strict === null ? 'reject' : 'defer' }
  const strike = now.mode === 'enforce' || now.graceOver
  return strict ?? { kind: 'reject', ...MALFORMED_AT_EHLO, finding: 'ehlo-malformed', strike }
}

/** Why a refusal must wait whatever the rules say: a sick resolver of ours, or a whitelist entry that might still match. */
function deferral(now: PolicyNow, refusing: boolean): (Ruling & { readonly kind: 'defer' }) | null {
  if (now.canaryRed) return { kind: 'defer', ...TEMPORARY_EHLO_SIDE, finding: 'dns-temporary', strike: false }
  if (now.nameMatchPending && refusing) return { kind: 'defer', ...TEMPORARY_PTR_SIDE, finding: 'dns-temporary', strike: false }
  return null
}

/** Grace: a 550 or 504 (there are no others at RCPT) becomes 450 with the same enhanced status code in class 4. */
function softened(enhanced: string, finding: Finding): Ruling {
  return { kind: 'defer', code: 450, enhanced: enhanced.replace(/^5/, '4'), finding, strike: false }
}

/** A recipient against the served domains (POLICY, Disposition 4): relay refusals, and the two mailboxes that always pass. */
export type RecipientClass = 'served' | 'always' | 'relay'

/** `address`: a RCPT path without brackets and without a source route, as `local@domain`, or a bare `postmaster`. `acceptAll`: practice with empty domains; otherwise these refuse everybody (CONTRACT). */
export function classifyRecipient(address: string, domains: readonly string[], acceptAll: boolean): RecipientClass {
  if (domains.length === 0 && !acceptAll) return 'relay'
  if (isMailbox(address, ['postmaster'])) return 'always'
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(0, at))
  const domain = address.slice(at + 1)
  if (local === '' || domain === '' || /[%!@]/.test(local)) return 'relay'
  if (!acceptAll && !isServed(domain, domains)) return 'relay'
  return isMailbox(local, ['postmaster', 'abuse']) ? 'always' : 'served'
}

/** Case-blind, and a quoted local part is the same mailbox as the unquoted one (RFC 5321 §4.1.2). */
function isMailbox(local: string, names: readonly string[]): boolean {
  const plain = /^".*"$/s.test(local) ? local.slice(1, -1).replace(/\\(.)/gs, '$1') : local
  return names.some((name) => plain.length === name.length && plain.toLowerCase() === name)
}

/** Host names only, in ASCII: names in other scripts are compared as the A-labels they were sent as, so a look-alike that folds to ASCII never matches. */
export function isServed(domain: string, domains: readonly string[]): boolean {
  if (!isHostName(domain)) return false
  const name = canonicalName(domain)
  return domains.some((entry) => {
    const served = parseMailDomain(entry)
    return served !== null && (served.below ? name.endsWith(`.${served.name}`) : name === served.name)
  })
}
