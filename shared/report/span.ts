/**
 * What a report covers: a day, a week from Monday, a month or a year of the calendar of a zone, cut into slices (hours, days, days,
 * weeks from Monday). Pure; every slice begins where the one before ends, so that nothing is counted twice or left out.
 */
import { addDays, localDate, offsetAt, startOfDay } from './zone.ts'
import type { LocalDate } from './zone.ts'

export const SPAN_KINDS = ['day', 'week', 'month', 'year'] as const
export type SpanKind = (typeof SPAN_KINDS)[number]

export interface Span {
  readonly kind: SpanKind
  /** Its first day. */
  readonly from: LocalDate
}

/** `from` and `until` (outside) in ms since 1970. */
export interface Slice {
  /** "2026-11-25", or of an hour "2026-11-25T13:00+01:00": an hour comes twice where clocks are put back. */
  readonly key: string
  readonly from: number
  readonly until: number
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** The span of that kind which a day is in. */
export function spanOf(kind: SpanKind, date: LocalDate): Span {
  switch (kind) {
    case 'day': return { kind, from: date }
    case 'week': return { kind, from: addDays(date, -weekday(date)) }
    case 'month': return { kind, from: `${date.slice(0, 7)}-01` }
    case 'year': return { kind, from: `${date.slice(0, 4)}-01-01` }
  }
}

/** The first day after it. */
export function endOf({ kind, from }: Span): LocalDate {
  switch (kind) {
    case 'day': return addDays(from, 1)
    case 'week': return addDays(from, 7)
    case 'month': return spanOf('month', addDays(from, 31)).from
    case 'year': return spanOf('year', addDays(from, 366)).from
  }
}

export function before(span: Span): Span {
  return spanOf(span.kind, addDays(span.from, -1))
}

export function after(span: Span): Span {
  return { kind: span.kind, from: endOf(span) }
}

/** ms since 1970; `until` is outside. */
export function boundsOf(zone: string, span: Span): { readonly from: number; readonly until: number } {
  return { from: startOfDay(zone, span.from), until: startOfDay(zone, endOf(span)) }
}

export function slicesOf(zone: string, span: Span): readonly Slice[] {
  const { from, until } = boundsOf(zone, span)
  if (span.kind === 'day') return hoursOf(zone, from, until)
  const days: LocalDate[] = []
  const end = endOf(span)
  for (let day = span.from; day < end; day = span.kind === 'year' ? addDays(day, 7 - weekday(day)) : addDays(day, 1)) days.push(day)
  const starts = days.map((day) => startOfDay(zone, day))
  return days.map((key, at) => ({ key, from: starts[at] ?? from, until: starts[at + 1] ?? until }))
}

function hoursOf(zone: string, from: number, until: number): readonly Slice[] {
  const slices: Slice[] = []
  for (let start = from; start < until; ) {
    // Where clocks are moved by half an hour, or within one, an hour of the clock is shorter.
    const offset = offsetAt(zone, start)
    const next = Math.min(until, Math.floor((start + offset * MINUTE_MS) / HOUR_MS) * HOUR_MS + HOUR_MS - offset * MINUTE_MS)
    slices.push({ key: hourKey(start, offset), from: start, until: next })
    start = next
  }
  return slices
}

function hourKey(ms: number, offset: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const ahead = Math.abs(offset)
  return `${new Date(ms + offset * MINUTE_MS).toISOString().slice(0, 16)}${offset < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`
}

/** 0 for Monday. */
function weekday(date: LocalDate): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** The last day that a moment before the end of a span is in: "so far" ends there. */
export function lastDay(zone: string, until: number): LocalDate {
  return localDate(zone, until - 1)
}
