/** What the admin wants done, and how it went. */
import type { RuleKind } from '../../shared/events.ts'

export interface RuleWish {
  readonly kind: RuleKind
  readonly scope: string
  /** Milliseconds; null: for good. */
  readonly forMs: number | null
  readonly reason: string
}

export type Done = { readonly ok: true } | { readonly ok: false; readonly problem: string }

/** Whom a rule would hit: the good senders of the last 30 days within its scope. */
export interface Hit {
  readonly client: string
  readonly name: string | null
  readonly sessions: number
}
export type Preview = { readonly ok: true; readonly wouldHit: readonly Hit[] } | { readonly ok: false; readonly problem: string }
