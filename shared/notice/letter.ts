/**
 * Mail to the shop's own admin: red alarms and the daily digest (issue 5). As a function from a letter and an event to the letter after
 * it; handed over as notices are, and like them never a second time. Also when a digest is due. Pure.
 */
import type { OffsetMinutes } from '../calendar.ts'
import { localTime, two } from '../calendar.ts'
import { afterRefusal } from './outbox.ts'
import type { OutboxEvent } from './outbox.ts'

/** `none`: there was nothing to tell, or nobody to tell it to; it only says that the day is done. Others as of notices. */
export type LetterState = 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'none'

/** One trouble that a letter tells of. `since`: ms since 1970. */
export interface Told {
  readonly code: string
  readonly text: string
  readonly since: number
}

/** All times ms since 1970. */
export interface Letter {
  /** "digest-2026-11-25", "alarms-…": also in its Message-ID. */
  readonly id: string
  readonly kind: 'digest' | 'alarms'
  readonly state: LetterState
  readonly from: string
  readonly to: string
  readonly createdAt: number
  readonly queuedAt: number | null
  readonly tries: number
  readonly nextTryAt: number | null
  /** What became of the last try, one sentence. */
  readonly last: string | null
  /** Of a digest: the local day ("2026-11-25") and the end of the time it tells of. */
  readonly day: string | null
  readonly until: number | null
  /** Of alarms: the troubles it says have begun, and those it says are over. */
  readonly begun: readonly Told[]
  readonly over: readonly Told[]
}

/** The letter after the event; the same object if the event means nothing to it. */
export function stepLetter(letter: Letter, event: OutboxEvent, now: number): Letter {
  switch (event.kind) {
    case 'hand-over': return letter.state === 'queued' ? { ...letter, state: 'sending', nextTryAt: null } : letter
    case 'accepted': return handing(letter) ? { ...letter, state: 'sent', nextTryAt: null, last: `Taken by the submission server: ${event.reply}` } : letter
    case 'refused': {
      if (!handing(letter)) return letter
      const { state, tries, nextTryAt, text } = afterRefusal(letter, event, now)
      return { ...letter, state, tries, nextTryAt, last: text }
    }
    case 'lost': return letter.state === 'sending' ? { ...letter, state: 'unknown', nextTryAt: null, last: `It may have been sent or not (${event.why}); it is not sent again.` } : letter
    // Another letter tells it, and more.
    case 'cancel': return letter.state === 'queued' ? { ...letter, state: 'none', nextTryAt: null, last: 'A later letter tells of it.' } : letter
    case 'queue':
    case 'reopen':
    case 'bounce':
    case 'answer':
    case 'checked':
    case 'released': return letter
  }
}

function handing({ state }: Letter): boolean {
  return state === 'queued' || state === 'sending'
}

/** Local time, before the office opens. */
export const DIGEST_HOUR = 7
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A machine that slept, or a gate that was off, longer than this does not tell of all of it. */
const LONGEST_MS = 7 * DAY

export interface DigestTime {
  /** The local day on whose morning it is due: "2026-11-25". */
  readonly day: string
  /** What it tells of: from here, up to that hour of that day. */
  readonly from: number
  readonly until: number
}

/** The last morning that is over by now: its day, and when its hour was. */
export function lastMorning(now: number, offset: OffsetMinutes): { readonly day: string; readonly at: number } {
  const { local } = localTime(now, offset)
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate())
  const morning = local.getTime() - midnight >= DIGEST_HOUR * HOUR ? midnight : midnight - DAY
  const date = new Date(morning)
  const guess = morning + DIGEST_HOUR * HOUR - Math.trunc(offset(now)) * 60_000
  // Where summer time began or ended in between, the zone of that morning counts.
  const at = morning + DIGEST_HOUR * HOUR - Math.trunc(offset(guess)) * 60_000
  return { day: `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`, at }
}

/**
 * The digest that is due, or null. Once for each local day by its name, so that neither a restart nor a clock that is set back tells
 * of a day twice, and one that was far ahead silences nothing; a machine asleep over the hour tells it when it wakes. The first start
 * tells nothing: there is no day before it. `told`: the digests there were, those without a mail as well.
 */
export function digestDue(told: readonly Pick<Letter, 'day' | 'until'>[], now: number, offset: OffsetMinutes): DigestTime | 'first' | null {
  const { day, at } = lastMorning(now, offset)
  if (told.length === 0) return 'first'
  if (told.some((each) => each.day === day)) return null
  const before = Math.max(...told.flatMap(({ until }) => (until !== null && until < at ? [until] : [])))
  return { day, from: at - before <= LONGEST_MS ? before : at - DAY, until: at }
}
