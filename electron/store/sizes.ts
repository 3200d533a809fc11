/** How much is kept: the file, and the sessions of each month, from heads of blocks alone, so that it costs nothing whatever the size. */
import { existsSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { after, boundsOf, spanOf } from '../../shared/report/span.ts'
import { localDate } from '../../shared/report/zone.ts'
import type { StoreSizes } from '../ports.ts'

const MOST_MONTHS = 240

export function createSizes(db: Database.Database, file: string, zoneName: () => string) {
  const ends = db.prepare<[], { first: number | null; last: number | null; oldest: number | null; newest: number | null }>(
    'SELECT (SELECT first FROM blocks ORDER BY first LIMIT 1) AS first, (SELECT first + sessions FROM blocks ORDER BY first DESC LIMIT 1) AS last, (SELECT min(oldest) FROM (SELECT oldest FROM blocks ORDER BY newest LIMIT 100)) AS oldest, (SELECT max(newest) FROM blocks) AS newest',
  )
  const from = db.prepare<[number], { first: number }>('SELECT first FROM blocks WHERE newest >= ? ORDER BY newest LIMIT 1')
  const rules = db.prepare<[], { rules: number; senders: number; hours: number }>('SELECT (SELECT count(*) FROM rules) AS rules, (SELECT count(*) FROM senders) AS senders, (SELECT count(*) FROM report_hours) AS hours')

  return (): StoreSizes => {
    const { first, last, oldest, newest } = ends.get() ?? { first: null, last: null, oldest: null, newest: null }
    const pageSize = Number(db.pragma('page_size', { simple: true }))
    const wal = `${file}-wal`
    const base = {
      bytes: statSync(file).size, logBytes: existsSync(wal) ? statSync(wal).size : 0, freeBytes: Number(db.pragma('freelist_count', { simple: true })) * pageSize,
      ...(rules.get() ?? { rules: 0, senders: 0, hours: 0 }),
    }
    if (first === null || last === null || oldest === null || newest === null) return { ...base, sessions: 0, oldest: null, newest: null, months: [] }
    const zone = zoneName()
    const months: { month: string; sessions: number }[] = []
    let span = spanOf('month', localDate(zone, oldest))
    for (let begin = first; boundsOf(zone, span).from <= newest && months.length < MOST_MONTHS; span = after(span)) {
      const next = Math.max(begin, from.get(boundsOf(zone, span).until)?.first ?? last)
      months.push({ month: span.from.slice(0, 7), sessions: next - begin })
      begin = next
    }
    return { ...base, sessions: last - first, oldest, newest, months }
  }
}
