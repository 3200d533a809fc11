/** How often bans and whitelist entries were run into, over time: for the Rules page's sparklines. (When each was last hit stands in `rules.list`: `lastHit`.) */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { RuleKind } from '../events.ts'

/** Hits of one rule's scope, also of earlier rules with the same one; one number a step, the oldest first. */
export interface RuleHits {
  readonly kind: RuleKind
  readonly scope: string
  readonly hits: readonly number[]
  /** ISO 8601 UTC; null: never, as far as is kept. */
  readonly lastHit: string | null
}

/** `from`: when the first step begins (ISO 8601 UTC). The last step ends with the hour that is under way, so that a day is the last 24 hours. */
export interface RuleHistory {
  readonly from: string
  readonly stepMs: number
  /** In the order in which they were asked for. */
  readonly rules: readonly RuleHits[]
}

export const STEP_MS = { hour: 3_600_000, day: 86_400_000 } as const

export const rulestats = {
  /** The scopes canonical, as `rules.list` has them. Hits are up to 2 s late, and kept as long as sessions (`retentionDays`), by the minute for two days, then by the hour. */
  history: oc
    .input(z.object({
      rules: z.array(z.object({ kind: z.enum(['ban', 'allow']), scope: z.string().min(1).max(300) })).max(500),
      step: z.enum(['hour', 'day']),
      steps: z.int().min(1).max(400),
    }))
    .output(type<RuleHistory>()),
}
