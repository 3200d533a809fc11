/**
 * The Check page: DNS is asked afresh and judged by the rules alone (no lists, exemptions or canary). Answers come as they
 * arrive; the report follows when all are there.
 */
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Answer } from '../dns/answer.ts'
import type { Finding, Iprev, VerdictKind } from '../events.ts'
import type { RuleSet } from '../gate/verdict.ts'
import type { Remedy } from '../notice/remedy.ts'

export interface RulesVerdict {
  readonly rules: RuleSet
  readonly verdict: VerdictKind
  readonly refusedFor: readonly Finding[]
}

export interface CheckReport {
  readonly client: string
  readonly ehlo: string
  /** Under the rules in force. */
  readonly verdict: VerdictKind
  readonly iprev: Iprev
  readonly verifiedName: string | null
  readonly ptrNames: readonly string[]
  readonly findings: readonly Finding[]
  readonly refusedFor: readonly Finding[]
  readonly evidence: readonly Answer[]
  readonly remedies: readonly Remedy[]
  /** The rules in force. */
  readonly rules: RuleSet
  /** Under each of the rule sets, strictest first. */
  readonly byRules: readonly RulesVerdict[]
  readonly sentence: string
  /** The whole line this sender hears to RCPT when findings are enforced; null if it passes. */
  readonly reply: string | null
}

export type CheckStep =
  | { readonly kind: 'refused'; readonly field: 'client' | 'ehlo'; readonly problem: string }
  /** Those that came since the last step, in the order in which they came. */
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  | { readonly kind: 'done'; readonly report: CheckReport }

/** Where others see the shop's own server. */
export interface OwnServer {
  readonly hostname: string
  /** `from`: the settings' `listen`, or what DNS says of the host name. `isPrivate`: others see another one (NAT). */
  readonly addresses: readonly { readonly address: string; readonly from: readonly ('listen' | 'name')[]; readonly isPrivate: boolean }[]
  /** For the first served domains: who receives their mail, best first. `ours`: this host is among them. */
  readonly mail: readonly { readonly domain: string; readonly status: Answer['status']; readonly hosts: readonly string[]; readonly ours: boolean }[]
}

export const checksApi = {
  /** `as`: judged as a sender that knocks here, or as others would judge our own server (our own name is then no forgery). */
  follow: oc
    .input(z.object({ client: z.string().max(4096), ehlo: z.string().max(8192), as: z.enum(['sender', 'ourselves']) }))
    .output(eventIterator(type<CheckStep>())),
  own: oc.output(type<OwnServer>()),
}
