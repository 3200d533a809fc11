/** What the admin wants done, and how it went. */
import type { NetworkOf } from '../../shared/api/network.ts'
import type { Impact } from '../../shared/api/rulework.ts'
import type { RuleKind } from '../../shared/events.ts'

export interface RuleWish {
  readonly kind: RuleKind
  readonly scope: string
  /** The rest of a registered network that is several. */
  readonly more?: readonly string[]
  /** Milliseconds; null: for good. */
  readonly forMs: number | null
  readonly reason: string
}

export type Done = { readonly ok: true } | { readonly ok: false; readonly problem: string }

/** What a rule would have met in the last 30 days, or why that is not known. */
export type Preview = ({ readonly ok: true } & Impact) | { readonly ok: false; readonly problem: string }

/** How far a long work is. */
export interface Progress {
  readonly done: number
  readonly total: number
}

export type NetworkAnswer = NetworkOf
