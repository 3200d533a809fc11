/** A span's report from what is stored (reports.ts), folded by the calendar of the gate's zone. A year is some 9,000 short rows and 24 lists. */
import type Database from 'better-sqlite3'
import { readCounts } from '../../shared/report/count.ts'
import { comparedUntil, foldHours } from '../../shared/report/fold.ts'
import type { Hour, ReportFigures } from '../../shared/report/fold.ts'
import { before, boundsOf, endOf, slicesOf } from '../../shared/report/span.ts'
import type { Span } from '../../shared/report/span.ts'
import { joinTops } from '../../shared/report/top.ts'
import type { StoredTop, TopList } from '../../shared/report/top.ts'
import { dayNumber } from '../../shared/report/zone.ts'
import type { TopKind } from './reports.ts'

const MINUTE_MS = 60_000
/** Senders and networks listed. */
const LISTED = 25

export function createReportReader(db: Database.Database, zone: string) {
  const hours = db.prepare<[number, number], { hour: number; counts: string }>('SELECT hour, counts FROM report_hours WHERE hour >= ? AND hour < ? ORDER BY hour')
  const oldest = db.prepare<[], { hour: number | null }>('SELECT min(hour) AS hour FROM report_hours')
  const tops = db.prepare<[number, number, string], { top: string }>('SELECT top FROM report_tops WHERE day >= ? AND day < ? AND kind = ?')
  const fixes = db.prepare<[number, number], { after: number }>('SELECT after FROM report_fixes WHERE at >= ? AND at < ? ORDER BY after')

  function* hoursIn(from: number, until: number): Generator<Hour> {
    for (const row of hours.iterate(Math.ceil(from / MINUTE_MS), Math.ceil(until / MINUTE_MS))) yield { at: row.hour * MINUTE_MS, counts: readCounts(row.counts) }
  }
  const topOf = (span: Span, kind: 'sender' | 'network'): TopList => {
    const stored: TopKind = span.kind === 'day' || span.kind === 'week' ? kind : `${kind} of month`
    return joinTops(tops.all(dayNumber(span.from), dayNumber(endOf(span)), stored).map(({ top }) => JSON.parse(top) as StoredTop), LISTED)
  }
  const fixedIn = ({ from, until }: { readonly from: number; readonly until: number }) => fixes.all(from, until).map(({ after }) => after)

  /** `now`: ms since 1970; a span that is not over is compared with as much of the one before. */
  return (span: Span, now: number): Omit<ReportFigures, 'uncounted'> => {
    const bounds = boundsOf(zone, span)
    const { slices, totals } = foldHours(hoursIn(bounds.from, bounds.until), slicesOf(zone, span))
    const earlier = before(span)
    const earlierBounds = boundsOf(zone, earlier)
    const compared = { from: earlierBounds.from, until: comparedUntil(bounds, earlierBounds, now) }
    const { totals: totalsBefore } = foldHours(hoursIn(compared.from, compared.until), [{ key: '', ...compared }])
    const first = oldest.get()?.hour ?? null
    return {
      span, zone, ...bounds, slices, totals,
      before: { span: earlier, ...compared, totals: totalsBefore },
      senders: topOf(span, 'sender'), networks: topOf(span, 'network'),
      fixedAfter: fixedIn(bounds), fixedAfterBefore: fixedIn(compared),
      oldest: first === null ? null : first * MINUTE_MS,
    }
  }
}
