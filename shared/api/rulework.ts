/**
 * Work on many rules at once, and what a rule would do: the stream of bans and whitelist, lifting and putting back in pieces, editing, whom a rule
 * would hit, and suggestions with what the admin has dismissed. Pieces hold at most `MAX_PIECE` rules, so that no call is long.
 */
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Rule, RuleKind } from '../events.ts'
import type { Suggestion } from '../gate/suggest.ts'

/** So many rules in one call at most. */
export const MAX_PIECE = 1000

export type Change<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problem: string }

/** Of the last 30 days. */
export interface Sender {
  readonly client: string
  readonly name: string | null
  readonly sessions: number
}

/** The rules as they are, in pieces, the last of them `loaded`; then what changes (new or other, and gone). Hits change with them, some seconds late. */
export interface RuleNews {
  readonly stage: 'first' | 'more' | 'loaded' | 'change'
  /** With `first`: how many there are in all. */
  readonly total: number
  readonly put: readonly Rule[]
  readonly gone: readonly (readonly [RuleKind, string])[]
}

/** What a rule would have met in the last 30 days. `atLeast`: there were more than were counted. */
export interface Impact {
  /** Canonical. */
  readonly scope: string
  /** Senders whose mail was accepted, most sessions first; at most 100. */
  readonly wouldHit: readonly Sender[]
  /** Sessions that were refused, deferred or would have been, within the scope. */
  readonly refused: { readonly sessions: number; readonly clients: number; readonly atLeast: boolean }
}

/** A suggestion with the senders of the last 30 days whom a ban would hit (accepted ones), or a whitelist entry free (refused ones). */
export type SuggestedChange = Suggestion & { readonly senders: readonly Sender[] }

/** `counts`: how many there are of each kind, of which `open` shows the first ones. `asking`: registries are being asked, and there may soon be more. */
export interface SuggestionList {
  readonly open: readonly SuggestedChange[]
  readonly counts: Readonly<Record<Suggestion['kind'], number>>
  readonly dismissed: readonly Suggestion[]
  readonly asking?: boolean
}

const kind = z.enum(['ban', 'allow'])
const scope = z.string().min(1).max(300)
const reason = z.string().max(500)
const suggestionKind = z.enum(['ban-network', 'lift-unused', 'ban-correspondent', 'allow-provider'])

const wholeRule = z.object({
  kind, scope, reason, by: z.enum(['admin', 'auto']), since: z.iso.datetime(), until: z.iso.datetime().nullable(), hits: z.int().min(0), lastHit: z.iso.datetime().exactOptional(),
})

export const ruleWork = {
  watch: oc.output(eventIterator(type<RuleNews>())),
  /** Reason and end anew (`forMs` from now; null: for good; missing: as it is); since and hits stay. The rule is the admin's from then on. */
  edit: oc
    .input(z.object({ kind, scope, reason, forMs: z.number().min(1000).nullable().optional() }))
    .output(type<Change<{ readonly rule: Rule; readonly before: Rule }>>()),
  /** Bans lifted, entries taken off the whitelist. Those that are not there (any more) are passed over; `problem`: the first thing that went wrong. */
  lift: oc
    .input(z.object({ rules: z.array(z.object({ kind, scope })).max(MAX_PIECE) }))
    .output(type<{ readonly removed: readonly Rule[]; readonly problem: string | null }>()),
  /** Put back as they were (undo). Those whose time is over are passed over. */
  restore: oc.input(z.object({ rules: z.array(wholeRule).max(MAX_PIECE) })).output(type<Change<{ readonly restored: number }>>()),
  impact: oc.input(z.object({ kind, scope })).output(type<Change<Impact>>()),
  /** Everybody whose mail was accepted in the last 30 days, most sessions first, as far as is looked at. */
  goodSenders: oc.output(type<readonly Sender[]>()),
  suggestions: oc.output(type<SuggestionList>()),
  /** Remembered until taken back. */
  dismiss: oc.input(z.object({ kind: suggestionKind, scope, dismissed: z.boolean() })).output(type<Change<object>>()),
}
