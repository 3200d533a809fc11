/**
 * What if: the journal judged by other rules; the sentence of the mode switch; and the card that asks, after some days of
 * observing, whether to enforce. Times ISO 8601 UTC.
 */
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Mode } from '../gate/disposition.ts'
import type { RuleSet } from '../gate/verdict.ts'
import type { BySet, Tally, WhatIfCounts, WhatIfSender } from '../gate/whatiftally.ts'

/** `allowed`: on the whitelist by now. */
export type JudgedSender = WhatIfSender & { readonly allowed: boolean }

export interface WhatIfReport {
  readonly rules: RuleSet
  readonly days: number
  readonly from: string
  readonly until: string
  /** As in force when it was asked. */
  readonly now: { readonly rules: RuleSet; readonly mode: Mode }
  readonly counts: WhatIfCounts
  /** Senders that change sides under `rules`, correspondents first; `leftOff` more are not listed. */
  readonly changes: readonly JudgedSender[]
  readonly leftOff: number
}

export type WhatIfEvent =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'result'; readonly report: WhatIfReport }

/** `correspondents`: of the senders that would have been refused, those whose mail was accepted in the 30 days before. */
export interface Would {
  readonly accept: Tally
  readonly reject: Tally
  readonly tempfail: Tally
  readonly correspondents: number
}

/** What each rule set would have done to the sessions of yesterday (the gate's own day), or of today where yesterday has none. */
export interface WouldHaveDone {
  readonly day: 'yesterday' | 'today'
  readonly sessions: number
  readonly judged: number
  readonly rules: RuleSet
  readonly sets: BySet<Would>
}

export interface CardSet extends Would {
  /** Whom these rules would have refused, correspondents first; `leftOff` more are not listed. */
  readonly refused: readonly JudgedSender[]
  readonly leftOff: number
}

export type Card =
  /** Nothing is observed: practice, or the rules are enforced. */
  | { readonly kind: 'off' }
  /** The journal is being looked at for the first time. */
  | { readonly kind: 'looking'; readonly done: number; readonly total: number }
  | { readonly kind: 'collecting'; readonly days: number; readonly senders: number; readonly needed: { readonly days: number; readonly senders: number } }
  /** `laterUntil`: put off until then. */
  | { readonly kind: 'ready'; readonly since: string; readonly until: string; readonly days: number; readonly senders: number; readonly sessions: number; readonly rules: RuleSet; readonly sets: BySet<CardSet>; readonly laterUntil: string | null }

export const whatIfApi = {
  /** Progress, then the result; ending the stream early gives it up. */
  run: oc
    .input(z.object({ rules: z.enum(['house', 'standard', 'lenient']), days: z.int().min(1).max(3650) }))
    .output(eventIterator(type<WhatIfEvent>())),
  wouldHave: oc.output(type<WouldHaveDone>()),
  card: oc.output(type<Card>()),
  /** Puts the card off for some days (0: asks again now). */
  later: oc.input(z.object({ days: z.int().min(0).max(365) })).output(type<Card>()),
}
