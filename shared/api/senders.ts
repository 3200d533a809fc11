/** The Senders page: who sends or tries to, refused correspondents first; found by the search field; one of them in full. Times ISO 8601 UTC. */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { FINDINGS } from '../events.ts'
import type { Disposition, Finding, Rule, SessionRecord } from '../events.ts'
import type { Remedy } from '../notice/remedy.ts'
import type { Retry } from '../search/retry.ts'
import type { SenderDay } from '../search/sender.ts'

export const SENDER_SORTS = ['refused', 'last', 'attempts', 'refusals'] as const
/** `new`: first seen within a day, whatever became of it. */
export const SENDER_STATES = ['new', 'refused', 'deferred', 'accepted', 'banned', 'whitelisted'] as const
export type SenderState = (typeof SENDER_STATES)[number]
/** `worth`: worth a notice. `notified`: it was written about, and nothing has changed yet. `fixed`: its DNS is in order since. */
export const NOTICE_STANDINGS = ['worth', 'notified', 'fixed'] as const
export type NoticeStanding = (typeof NOTICE_STANDINGS)[number]

export interface SenderSummary {
  /** Names it in this API: an address, an IPv6 /64, or "192.0.2.0/24 acme.example" for the hosts of a domain. */
  readonly key: string
  /** What to show of it: its one address, or the network. */
  readonly label: string
  /** Its address that was seen last. */
  readonly address: string
  /** Addresses of it that are known, at most 16. */
  readonly hosts: number
  readonly domain: string | null
  /** Whether the domain is verified or only claimed. */
  readonly verified: boolean
  readonly attempts: number
  readonly refused: number
  readonly deferred: number
  readonly accepted: number
  readonly firstSeen: string
  readonly lastSeen: string
  readonly refusedSince: string | null
  readonly disposition: Disposition
  readonly findings: readonly Finding[]
  readonly retry: Retry
  readonly isNew: boolean
  /** A rule first, then what became of its mail. */
  readonly state: Exclude<SenderState, 'new'> | 'undecided'
  /** What was done about it, or should be. */
  readonly notice: NoticeStanding | null
  /** Why it is worth a notice, the weightiest first; else empty. */
  readonly reasons: readonly string[]
}

export interface SenderList {
  readonly senders: readonly SenderSummary[]
  readonly next: string | null
  /** Null: not counted (states that hang on rules). */
  readonly total: number | null
  /** Sessions not counted yet. */
  readonly uncounted: number
  /** How the search was understood; '' without one. */
  readonly understood: string
  /** Nothing of that was found: what is shown instead, a step wider; '' else. */
  readonly instead: string
}

export interface SenderDetail {
  readonly sender: SenderSummary
  /** One for each day (UTC) with attempts, oldest first. */
  readonly days: readonly SenderDay[]
  /** Newest first; with a search those that it finds, if there are any (`found`). */
  readonly sessions: readonly SessionRecord[]
  readonly found: boolean
  /** The last session that was refused or deferred for its DNS, explained. */
  readonly explained: { readonly id: string; readonly at: string; readonly sentence: string; readonly remedies: readonly Remedy[] } | null
  readonly ban: Rule | null
  readonly allow: Rule | null
  readonly strikes: number
  readonly strikesNeeded: number
  readonly bansBefore: number
}

const text = z.string().max(2000)

export const sendersApi = {
  list: oc
    .input(z.object({
      text: text.optional(), sort: z.enum(SENDER_SORTS), state: z.enum([...SENDER_STATES, ...NOTICE_STANDINGS]).optional(), finding: z.enum(FINDINGS).optional(),
      /** Seen within so many days. */
      days: z.number().min(0.01).max(36_500).optional(),
      after: z.string().max(500).optional(), limit: z.int().min(1).max(500),
    }))
    .output(type<SenderList>()),
  /** By key, or by any of its addresses. */
  get: oc.input(z.object({ key: z.string().max(400), text: text.optional() })).output(type<SenderDetail | null>()),
}
