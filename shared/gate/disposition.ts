/**
 * The disposition: what the gate does about a verdict (POLICY, Disposition). Pure: verdict + lists + policy + now.
 */
import type { Finding } from '../events.ts'
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

export function ruleOn(_judgement: Judgement, _standing: Standing, _now: PolicyNow): Ruling {
  throw new Error('not written yet')
}

/** A recipient against the served domains (POLICY, Disposition 4): relay refusals, and the two mailboxes that always pass. */
export type RecipientClass = 'served' | 'always' | 'relay'

/** `address`: a RCPT path without brackets and without a source route, as `local@domain`, or a bare `postmaster`. `acceptAll`: practice with empty domains. */
export function classifyRecipient(_address: string, _domains: readonly string[], _acceptAll: boolean): RecipientClass {
  throw new Error('not written yet')
}
