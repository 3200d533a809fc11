/**
 * Strikes and automatic bans (POLICY, Bans): what one more strike does to what is remembered of a client scope (an IPv4
 * address or an IPv6 /64). Pure: times are ms since 1970 and come in from outside. A time that lies in the future was
 * written under a wrong clock and counts as now, so that no step of the clock frees everyone or bans for ever.
 */
import type { Settings } from '../config.ts'
import type { Finding, SessionRecord } from '../events.ts'
import { classifyRecipient } from './disposition.ts'

export type BanTerms = Settings['bans']

/** What is remembered of one scope. */
export interface Conduct {
  /** Times of the strikes that may still count, oldest first. */
  readonly strikes: readonly number[]
  /** Automatic bans so far, since the last quiet time. */
  readonly step: number
  /** Since when it has been quiet: its last strike, or the end of its last automatic ban (then it may lie ahead). */
  readonly quietSince: number
  /** When it last earned a ban but was only suggested for one; null: never. */
  readonly suggestedAt: number | null
}

export const BLANK: Conduct = { strikes: [], step: 0, quietSince: 0, suggestedAt: null }

export type StrikeOutcome =
  | { readonly kind: 'counted' }
  /** `forMs`: how long. */
  | { readonly kind: 'ban'; readonly forMs: number }
  | { readonly kind: 'suggest' }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** For how long accepted mail makes a good correspondent, and a suggestion stands. */
export const GOOD_MS = 30 * DAY

/** One strike at `now`. `acceptedAt`: when mail of this scope was last accepted; null: never. */
export function strike(known: Conduct, now: number, terms: BanTerms, acceptedAt: number | null): { readonly conduct: Conduct; readonly outcome: StrikeOutcome } {
  const before = asOf(known, now, terms)
  const strikes = [...before.strikes, now]
  const counted: Conduct = { ...before, strikes, quietSince: Math.max(now, before.quietSince) }
  if (strikes.length < terms.strikes) return { conduct: counted, outcome: { kind: 'counted' } }
  if (isGood(acceptedAt, now)) return { conduct: { ...counted, strikes: [], suggestedAt: now }, outcome: { kind: 'suggest' } }
  const forMs = banLength(before.step, terms)
  return { conduct: { strikes: [], step: before.step + 1, quietSince: now + forMs, suggestedAt: null }, outcome: { kind: 'ban', forMs } }
}

/** Doubled at each repeat, up to the longest. */
export function banLength(step: number, terms: BanTerms): number {
  return Math.min(terms.durationHours * 2 ** Math.min(step, 40), terms.maxDurationHours) * HOUR
}

/** What still counts at `now`: strikes within the window, the step unless it has been quiet for long enough. */
export function asOf(conduct: Conduct, now: number, terms: BanTerms): Conduct {
  const from = now - terms.windowMinutes * MINUTE
  const strikes = conduct.strikes.map((at) => Math.min(at, now)).filter((at) => at > from)
  const quietSince = Math.min(conduct.quietSince, now + terms.maxDurationHours * HOUR)
  const suggestedAt = conduct.suggestedAt === null ? null : Math.min(conduct.suggestedAt, now)
  return {
    strikes,
    step: now - quietSince >= terms.quietDays * DAY ? 0 : conduct.step,
    quietSince,
    suggestedAt: suggestedAt !== null && now - suggestedAt < GOOD_MS ? suggestedAt : null,
  }
}

/** Unbanned, whitelisted or repaired: strikes start at 0 and nothing is suggested; the step of the escalation stays, and quiet begins now. */
export function forgiven(conduct: Conduct, now: number): Conduct {
  return { strikes: [], step: conduct.step, quietSince: Math.min(conduct.quietSince, now), suggestedAt: null }
}

/** Whether there is nothing left to remember. */
export function isBlank(conduct: Conduct): boolean {
  return conduct.strikes.length === 0 && conduct.step === 0 && conduct.suggestedAt === null
}

/** A good correspondent is never banned automatically. */
export function isGood(acceptedAt: number | null, now: number): boolean {
  return acceptedAt !== null && now - Math.min(acceptedAt, now) < GOOD_MS
}

/**
 * Whether a finished session makes its client a good correspondent: mail delivered with verdict accept or whitelisted, and not
 * only to the mailboxes that take everybody's. (That it was not in observe mode, the caller knows.)
 */
export function isGoodMail(session: SessionRecord): boolean {
  const good = session.disposition === 'whitelisted' || (session.disposition === 'accepted' && session.verdict === 'accept')
  return good && session.transactions.some(({ reply, recipients }) =>
    reply?.startsWith('250') === true
    && recipients.some((recipient) => recipient.reply.startsWith('25') && classifyRecipient(recipient.address, [], true) !== 'always'))
}

/** Each finding in a few words, for text that is read away from the console. */
export const FINDING_WORDS: Readonly<Record<Finding, string>> = {
  'ptr-missing': 'no reverse name',
  'ptr-unconfirmed': 'reverse name does not lead back',
  'ehlo-malformed': 'EHLO name is malformed',
  'ehlo-ours': 'EHLO name is ours',
  'ehlo-literal-mismatch': 'EHLO names another address',
  'ehlo-literal': 'EHLO name is an address',
  'ehlo-not-fqdn': 'EHLO name is not qualified',
  'ehlo-bare-domain': 'EHLO name is a bare domain',
  'ehlo-unresolvable': 'EHLO name does not exist',
  'ehlo-mismatch': 'EHLO name leads elsewhere',
  'dns-temporary': 'DNS failed for now',
}

/** "10 refusals in 60 minutes: no reverse name"; `finding`: of the last of them. */
export function banReason(terms: BanTerms, finding: Finding): string {
  const count = (value: number, noun: string) => `${value} ${noun}${value === 1 ? '' : 's'}`
  return `${count(terms.strikes, 'refusal')} in ${count(terms.windowMinutes, 'minute')}: ${FINDING_WORDS[finding]}`
}
