/** Part of the API (shared/api.ts): reports by the calendar of the gate's zone, what is kept, and a person's address that is to be forgotten. */
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import { SPAN_KINDS } from '../report/span.ts'
import type { ReportFigures } from '../report/fold.ts'
import { isDate } from '../report/zone.ts'

/** Times are ms since 1970, as in shared/report/fold.ts. */
export interface Report extends ReportFigures {
  /** When it was made, and the day of it. */
  readonly now: number
  readonly today: string
}

/** How much is stored. Octets; times in ms since 1970. */
export interface Sizes {
  /** Within the file, used again before it grows. */
  readonly freeBytes: number
  readonly sessions: number
  readonly oldest: number | null
  readonly newest: number | null
  /** "2026-11", by the calendar of the gate's zone; to the block (some hundred sessions). */
  readonly months: readonly { readonly month: string; readonly sessions: number }[]
  readonly rules: number
  readonly senders: number
  /** Hours that reports are made of. */
  readonly hours: number
}

/** `bytes`: of the database with its write-ahead log. */
export interface Kept extends Sizes {
  readonly bytes: number
  readonly retentionDays: number
  readonly reportYears: number
}

/** In how many sessions, notices, rules and small values the address was named. */
export interface Forgotten {
  readonly address: string
  readonly sessions: number
  readonly notices: number
  readonly rules: number
  readonly values: number
}

export type ForgetEvent =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'result'; readonly forgotten: Forgotten }
  /** What was typed is no mail address. */
  | { readonly kind: 'refused'; readonly problem: string }

export const reportsApi = {
  /** The span of that kind which a day is in; without `date`: today. */
  get: oc.input(z.object({ kind: z.enum(SPAN_KINDS), date: z.string().refine(isDate).optional() })).output(type<Report>()),
}

export const privacyApi = {
  kept: oc.output(type<Kept>()),
  /** Goes on when the caller goes away: it is a person's wish. */
  forget: oc.input(z.object({ address: z.string().max(1000) })).output(eventIterator(type<ForgetEvent>())),
}
