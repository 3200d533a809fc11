/**
 * What may become of a notice (POLICY, Notices: draft → queued → sent → bounced, answered, fixed or gone quiet), as a function from a
 * notice and an event to the notice after it; and the caps. Pure. Promises: a notice that was handed over, or may have been, is never
 * queued again; every event of a notice stands in its timeline.
 */
import type { Finding } from '../events.ts'
import { contactKey } from './mailaddress.ts'
import type { ContactSource, Trust } from './contacts.ts'
import type { TemplateKind } from './templates.ts'

export const NOTICE_STATES = ['draft', 'queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled', 'bounced', 'answered', 'fixed', 'quiet'] as const
/**
 * `sending`: being handed over in this moment. `unknown`: Porch or the connection died in that moment; it may have been sent, and is not
 * sent again. `failed`: refused for good. `quiet`: 30 days without a change.
 */
export type NoticeState = (typeof NOTICE_STATES)[number]

/** One line of the timeline. `at` ms since 1970; `text` one sentence. */
export interface NoticeEvent {
  readonly at: number
  readonly kind: 'drafted' | 'queued' | 'deferred' | 'sent' | 'unknown' | 'failed' | 'cancelled' | 'bounced' | 'answered' | 'checked' | 'fixed' | 'quiet' | 'released'
  readonly text: string
}

/** All times ms since 1970. */
export interface Notice {
  /** Also the tag of its addresses and of its Message-ID. */
  readonly id: string
  readonly state: NoticeState
  readonly template: TemplateKind
  readonly session: string
  readonly client: string
  readonly ehlo: string | null
  /** What was refused for, and what DNS said of it, when the notice was written. */
  readonly refusedFor: readonly Finding[]
  readonly thenAnswers: readonly string[]
  readonly from: string
  readonly to: string
  readonly source: ContactSource
  readonly trust: Trust
  readonly subject: string
  readonly createdAt: number
  readonly queuedAt: number | null
  readonly sentAt: number | null
  /** Failed tries to hand it over, and when the next one is due. */
  readonly tries: number
  readonly nextTryAt: number | null
  readonly checks: number
  readonly nextCheckAt: number | null
  readonly events: readonly NoticeEvent[]
  /** The admin's own words for this one, with their fields, as long as it can be changed; null or missing: the template's. */
  readonly text?: string | null
}

export type OutboxEvent =
  /** `holdMs`: handed over only after so long, so that it can still be taken back. */
  | { readonly kind: 'queue'; readonly holdMs?: number }
  /** Written down before the first octet of the message leaves. */
  | { readonly kind: 'hand-over' }
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'refused'; readonly permanent: boolean; readonly reply: string }
  /** The connection died after hand-over, or the program did. */
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'cancel' }
  /** What was cancelled, or is queued and has not begun to leave, is a draft again. */
  | { readonly kind: 'reopen' }
  | { readonly kind: 'bounce'; readonly text: string }
  | { readonly kind: 'answer'; readonly text: string }
  /** What DNS says now; `temporary` says nothing. */
  | { readonly kind: 'checked'; readonly outcome: 'same' | 'temporary' | 'fixed'; readonly text: string }
  | { readonly kind: 'released'; readonly text: string }

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** As a mail server's queue: soon at first, then ever more patiently. */
const BACK_OFF = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR]
const GIVE_UP_MS = 2 * DAY
const FOLLOW_MS = 30 * DAY
const MAX_EVENTS = 100

/** The notice after the event; the same object if the event means nothing to it. */
export function step(notice: Notice, event: OutboxEvent, now: number): Notice {
  switch (event.kind) {
    case 'queue': return notice.state === 'draft' ? note({ ...notice, state: 'queued', queuedAt: now, nextTryAt: now + (event.holdMs ?? 0) }, now, 'queued', `Queued for ${notice.to}.`) : notice
    case 'hand-over': return notice.state === 'queued' ? { ...notice, state: 'sending', nextTryAt: null } : notice
    case 'accepted': return handing(notice) ? note({ ...notice, state: 'sent', sentAt: now, nextTryAt: null, nextCheckAt: now + HOUR, text: null }, now, 'sent', `Taken by the submission server: ${event.reply}`) : notice
    case 'refused': return handing(notice) ? refused(notice, event, now) : notice
    case 'lost':
      return notice.state === 'sending'
        ? note({ ...notice, state: 'unknown', sentAt: now, nextTryAt: null, nextCheckAt: now + HOUR, text: null }, now, 'unknown', `It may have been sent or not (${event.why}); it is not sent again.`)
        : notice
    case 'cancel': return notice.state === 'draft' || notice.state === 'queued' ? note({ ...notice, state: 'cancelled', nextTryAt: null }, now, 'cancelled', 'Cancelled before it was sent.') : notice
    case 'reopen': return notice.state === 'queued' || notice.state === 'cancelled' ? note({ ...notice, state: 'draft', queuedAt: null, nextTryAt: null, tries: 0 }, now, 'drafted', 'Taken back before it was sent: a draft again.') : notice
    case 'bounce': return wasSent(notice) ? note(isFollowed(notice) ? { ...notice, state: 'bounced' } : notice, now, 'bounced', event.text) : notice
    case 'answer': return wasSent(notice) ? note(isFollowed(notice) ? { ...notice, state: 'answered' } : notice, now, 'answered', event.text) : notice
    case 'checked': return isFollowed(notice) ? checked(notice, event, now) : notice
    case 'released': return note(notice, now, 'released', event.text)
  }
}

function handing({ state }: Notice): boolean {
  return state === 'queued' || state === 'sending'
}

/** It left, or may have. */
export function wasSent({ state }: Notice): boolean {
  return state === 'sent' || state === 'unknown' || state === 'bounced' || state === 'answered' || state === 'fixed' || state === 'quiet'
}

/** Its sender's DNS is still looked at. */
export function isFollowed(notice: Notice): boolean {
  return wasSent(notice) && notice.state !== 'fixed' && notice.state !== 'quiet'
}

function refused(notice: Notice, refusal: { readonly permanent: boolean; readonly reply: string }, now: number): Notice {
  const { state, tries, nextTryAt, text } = afterRefusal(notice, refusal, now)
  return note({ ...notice, state, tries, nextTryAt }, now, state === 'failed' ? 'failed' : 'deferred', text)
}

/** What becomes of a message that the submission server did not take: tried again ever more patiently, given up after two days; `text` one sentence. */
export function afterRefusal(
  { tries, queuedAt }: { readonly tries: number; readonly queuedAt: number | null }, { permanent, reply }: { readonly permanent: boolean; readonly reply: string }, now: number,
): { readonly state: 'queued' | 'failed'; readonly tries: number; readonly nextTryAt: number | null; readonly text: string } {
  if (permanent) return { state: 'failed', tries, nextTryAt: null, text: `Refused for good: ${reply}` }
  if (now - (queuedAt ?? now) >= GIVE_UP_MS) return { state: 'failed', tries, nextTryAt: null, text: `Given up after two days: ${reply}` }
  const wait = BACK_OFF[Math.min(tries, BACK_OFF.length - 1)] ?? HOUR
  return { state: 'queued', tries: tries + 1, nextTryAt: now + wait, text: `Not taken yet, tried again in ${wait / MINUTE} minutes: ${reply}` }
}

/** 1 h and 4 h after it was sent, then daily; a check that comes late does not shift the others. */
function checked(notice: Notice, { outcome, text }: { readonly outcome: 'same' | 'temporary' | 'fixed'; readonly text: string }, now: number): Notice {
  const checks = notice.checks + 1
  if (outcome === 'fixed') return note({ ...notice, state: 'fixed', checks, nextCheckAt: null }, now, 'fixed', text)
  const sentAt = notice.sentAt ?? now
  if (now - sentAt >= FOLLOW_MS) return note({ ...notice, state: 'quiet', checks, nextCheckAt: null }, now, 'quiet', 'Nothing has changed for 30 days; it is no longer looked at.')
  return note({ ...notice, checks, nextCheckAt: nextCheck(sentAt, now) }, now, 'checked', text)
}

function nextCheck(sentAt: number, now: number): number {
  const passed = now - sentAt
  if (passed < HOUR) return sentAt + HOUR
  if (passed < 4 * HOUR) return sentAt + 4 * HOUR
  return sentAt + (Math.floor(passed / DAY) + 1) * DAY
}

/** Of checks that found nothing new only the last one is kept; the first and the newest events stay in any case. */
function note(notice: Notice, at: number, kind: NoticeEvent['kind'], text: string): Notice {
  const last = notice.events.at(-1)
  const before = kind === 'checked' && last?.kind === 'checked' ? notice.events.slice(0, -1) : notice.events
  const events = [...before, { at, kind, text }]
  return { ...notice, events: events.length <= MAX_EVENTS ? events : [...events.slice(0, 10), ...events.slice(10 - MAX_EVENTS)] }
}

export interface Caps {
  readonly perContactDays: number
  readonly perDay: number
}

/** When those notices were queued that count against the caps: not what was cancelled or refused for good. */
function countedAt(notices: Iterable<Notice>): number[] {
  return [...notices].flatMap(({ state, queuedAt }) => (queuedAt === null || state === 'cancelled' || state === 'failed' ? [] : [queuedAt]))
}

/** How many of them within 24 hours. */
export function countedToday(notices: Iterable<Notice>, now: number): number {
  return countedAt(notices).filter((at) => now - at < DAY).length
}

/** Why no notice may go to this contact now, one sentence; null if one may. */
export function capReason(notices: readonly Notice[], to: string, { perContactDays, perDay }: Caps, now: number): string | null {
  const key = contactKey(to)
  const last = countedAt(notices.filter((notice) => contactKey(notice.to) === key)).reduce<number | null>((latest, at) => Math.max(latest ?? 0, at), null)
  const today = countedToday(notices, now)
  if (last !== null && now - last < perContactDays * DAY) {
    return `the cap for one contact is reached: ${to} was written to ${agoText(now - last)}, and notices.perContactDays is ${perContactDays}`
  }
  if (today >= perDay) return `the cap for one day is reached: ${today} notices within 24 hours, and notices.perDay is ${perDay}`
  return null
}

function agoText(ms: number): string {
  const ago = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'} ago`
  if (ms < MINUTE) return 'just now'
  if (ms < HOUR) return ago(Math.floor(ms / MINUTE), 'minute')
  return ms < 2 * DAY ? ago(Math.floor(ms / HOUR), 'hour') : ago(Math.round(ms / DAY), 'day')
}
