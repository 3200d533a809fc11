/**
 * Part of the API (shared/api.ts): pausing the gate. While it is paused, new senders hear 421 (RFC 3463 X.3.2) and try again
 * later; mail under way finishes. A pause ends by itself, and a start of the gate ends it too: no gate stays shut by oversight.
 */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'

export type Paused = { readonly ok: true; /** ISO 8601; null: not paused. */ readonly until: string | null } | { readonly ok: false; readonly problem: string }

/** Senders give up after days; half a day is long enough for any work, and short enough to be forgotten without harm. */
export const LONGEST_PAUSE_MS = 12 * 3_600_000

export const pauseApi = {
  begin: oc.input(z.object({ forMs: z.number().min(1000).max(LONGEST_PAUSE_MS) })).output(type<Paused>()),
  end: oc.output(type<Paused>()),
}
