/**
 * How often rules were run into, within the worker: per rule and minute for two days, then per hour, for as long as sessions
 * are kept. A banned host that knocks day and night costs 24 rows a day.
 */
import type Database from 'better-sqlite3'
import type { RuleKind } from '../../shared/events.ts'
import type { Hits } from './protocol.ts'

const HOUR_MS = 3_600_000
/** Older ones are joined by the hour. */
const MINUTES_KEPT = 2 * 24 * 60
const ROWS_AT_ONCE = 1000

export function createHits(db: Database.Database) {
  const add = db.prepare('INSERT INTO rule_hits (minute, kind, scope, hits) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET hits = hits + excluded.hits')
  const ofScope = db.prepare<[string, string, number], { hour: number; hits: number }>(
    'SELECT minute / 60 AS hour, sum(hits) AS hits FROM rule_hits WHERE kind = ? AND scope = ? AND minute >= ? GROUP BY hour ORDER BY hour',
  )
  const prune = db.prepare('DELETE FROM rule_hits WHERE (minute, kind, scope) IN (SELECT minute, kind, scope FROM rule_hits WHERE minute < ? LIMIT ?)')
  // By a partial index; what is joined stands at the first minute of its hour.
  const oldest = db.prepare<[], { minute: number }>('SELECT minute FROM rule_hits WHERE minute % 60 <> 0 ORDER BY minute LIMIT 1')
  const newest = db.prepare<[], { minute: number | null }>('SELECT max(minute) AS minute FROM rule_hits')
  const joinHour = db.prepare(
    `INSERT INTO rule_hits (minute, kind, scope, hits) SELECT ? AS minute, kind, scope, sum(hits) FROM rule_hits WHERE minute > ? AND minute < ? GROUP BY kind, scope
     ON CONFLICT DO UPDATE SET hits = hits + excluded.hits`,
  )
  const dropMinutes = db.prepare('DELETE FROM rule_hits WHERE minute > ? AND minute < ?')

  /** One hour; false if there is none old enough. Measured by the newest hit, whatever the clock says. */
  const joinStep = (): boolean => {
    const hour = Math.floor((oldest.get()?.minute ?? Infinity) / 60) * 60
    if (!(hour + 60 <= (newest.get()?.minute ?? 0) - MINUTES_KEPT)) return false
    joinHour.run(hour, hour, hour + 60)
    dropMinutes.run(hour, hour + 60)
    return true
  }

  return {
    add({ minute, kind, scope, hits }: Hits[number]): void {
      add.run(minute, kind, scope, hits)
    },
    history: (rules: readonly { readonly kind: RuleKind; readonly scope: string }[], from: number): [number, number][][] =>
      rules.map(({ kind, scope }) => ofScope.all(kind, scope, Math.floor(from / 60_000)).map((row) => [row.hour * HOUR_MS, row.hits])),
    /** Within a transaction; true if there may be more to do. `before`: ms since 1970. */
    pruneStep(before: number): boolean {
      const pruned = prune.run(Math.floor(before / 60_000), ROWS_AT_ONCE).changes
      return joinStep() || pruned === ROWS_AT_ONCE
    },
  }
}
