/**
 * The verdict: what the rules say of a client and its EHLO name, from evidence alone (POLICY, Verdict).
 * Pure. A temporary answer never turns an accept into a reject, and never softens a certain refusal.
 */
import type { Evidence } from '../dns/evidence.ts'
import type { Finding, Iprev, VerdictKind } from '../events.ts'

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
  readonly reply: { readonly code: number; readonly enhanced: string; readonly finding: Finding } | null
}

export function judge(_evidence: Evidence, _context: JudgeContext): Judgement {
  throw new Error('not written yet')
}

/** The one that stands of two judgements of one connection: the worse; the earlier if they are alike (POLICY: worst verdict stands). */
export function worseOf(_earlier: Judgement, _later: Judgement): Judgement {
  throw new Error('not written yet')
}
