/** What the Live page asks beside the sessions themselves: where names lead (for the rows in view), and the history of one sender. */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Rule, SessionRecord } from '../events.ts'

/** Where the names of one session led at the time; empty if nowhere, or not asked. */
export interface Leads {
  readonly id: string
  /** Addresses of the EHLO name. */
  readonly ehlo: readonly string[]
  /** Addresses of the first PTR name. */
  readonly reverse: readonly string[]
}

/** One session of a sender. `strike`: it counts as one at present, the how-manieth. */
export type Attempt = Pick<SessionRecord, 'id' | 'at' | 'ehlo' | 'disposition' | 'refusedFor' | 'sender'> & { readonly strike: number | null }

/** A sender is what strikes are counted by: an IPv4 address or an IPv6 /64. Times ISO 8601 UTC. */
export interface SenderHistory {
  readonly scope: string
  /** Newest first. */
  readonly attempts: readonly Attempt[]
  /** Whether there are older ones than these. */
  readonly more: boolean
  /** The ban and the whitelist entry that hold for it now; the whitelist wins. */
  readonly ban: Rule | null
  readonly allow: Rule | null
  /** Strikes that count at present, oldest first, and how many in how many minutes earn a ban. */
  readonly strikes: readonly string[]
  readonly needed: number
  readonly windowMinutes: number
  /** Automatic bans so far; the next is longer for each. */
  readonly bansBefore: number
  /** It earned a ban and was only suggested for one, since its mail had been accepted. */
  readonly suggestedAt: string | null
}

export const liveApi = {
  leads: oc.input(z.object({ ids: z.array(z.string().max(40)).max(100) })).output(type<readonly Leads[]>()),
  history: oc.input(z.object({ client: z.string().max(100), names: z.array(z.string().max(300)).max(10) })).output(type<SenderHistory | null>()),
}
