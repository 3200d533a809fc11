/**
 * Check again: one session's questions asked of DNS anew, past the cache, and judged by the rules in force. Then and now
 * stand side by side; who passes now is let go if `release` says so (POLICY, Bans: automatic bans only).
 */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Answer } from '../dns/answer.ts'
import type { Rule } from '../events.ts'
import type { Judgement } from '../gate/verdict.ts'
import type { Remedy } from '../notice/remedy.ts'

/** What became of the client. `only-looked`: nobody asked for its release. `not-yet`: it does not pass. */
export type Release =
  | { readonly kind: 'only-looked' | 'not-yet' }
  | {
      readonly kind: 'released'
      /** The automatic ban that was lifted. */
      readonly lifted: Rule | null
      /** A ban that still holds: the admin's own, or of a wider network. */
      readonly stays: Rule | null
      /** Strikes that were cleared. */
      readonly strikes: number
    }
  /** It passes, but its ban could not be lifted: why, in words. */
  | { readonly kind: 'failed'; readonly problem: string }

/** `at`: when it was asked, ISO 8601 UTC. `sentence`: what is wrong now, if anything, and whose job it is. */
export interface Recheck extends Pick<Judgement, 'verdict' | 'iprev' | 'ptrNames' | 'findings' | 'refusedFor'> {
  readonly id: string
  readonly at: string
  readonly client: string
  readonly ehlo: string | null
  readonly verifiedName: string | null
  readonly rules: string
  readonly evidence: readonly Answer[]
  readonly remedies: readonly Remedy[]
  readonly sentence: string
  readonly release: Release
}

export const recheckApi = oc
  .input(z.object({ id: z.string().max(40), release: z.boolean() }))
  .output(type<{ readonly ok: true; readonly result: Recheck } | { readonly ok: false; readonly problem: string }>())
