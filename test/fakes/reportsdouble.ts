/** Reports and privacy of the gate double: counted from its sessions, with bans and notices made up. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { readForgettable } from '../../shared/net/forget.ts'
import { spanOf } from '../../shared/report/span.ts'
import { localDate } from '../../shared/report/zone.ts'
import { directReport } from './report.ts'

export interface ReportsWorld {
  readonly calls: string[]
  readonly sessions: readonly { readonly record: SessionRecord }[]
  /** While set, reports cannot be loaded. */
  readonly reports: { fails: boolean; uncounted: number }
}

export function reportsDouble(world: ReportsWorld) {
  const os = implement(api)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return {
    reports: {
      get: os.reports.get.handler(({ input }) => {
        if (world.reports.fails) throw new Error('no report')
        const now = Date.now()
        const today = localDate(zone, now)
        const told = directReport(world.sessions.map(({ record }) => record), spanOf(input.kind, input.date ?? today), zone, now)
        const made = { 'b:spared': 1234, 'b:made-auto': 12, 'b:made-admin': 2, 'b:expired': 9, 'b:lifted': 1, 'n:sent': 7, 'n:answered': 2, 'n:bounced': 1, 'n:fixed': 3 }
        const slices = told.slices.map((slice) => (slice.from <= now && now < slice.until ? { ...slice, counts: { ...slice.counts, ...made } } : slice))
        const current = told.from <= now && now < told.until
        return { ...told, slices, totals: current ? { ...told.totals, ...made } : told.totals, fixedAfter: current ? [3_600_000, 7_200_000, 90_000_000] : [], uncounted: world.reports.uncounted, now, today }
      }),
    },
    privacy: {
      kept: os.privacy.kept.handler(() => ({
        bytes: 52_428_800, freeBytes: 1_048_576, sessions: world.sessions.length, oldest: Date.now() - 40 * 86_400_000, newest: Date.now(), months: [{ month: '2026-10', sessions: 1200 }, { month: '2026-11', sessions: 340 }],
        rules: 40, senders: 210, hours: 960, retentionDays: 90, reportYears: 5,
      })),
      forget: os.privacy.forget.handler(async function* ({ input }) {
        world.calls.push(`forget ${input.address}`)
        const person = readForgettable(input.address)
        if (!person.ok) {
          yield { kind: 'refused' as const, problem: person.problem }
          return
        }
        const sessions = world.sessions.filter(({ record }) => person.isIn(JSON.stringify(record))).length
        yield { kind: 'progress' as const, done: 1, total: 2 }
        await Promise.resolve()
        yield { kind: 'result' as const, forgotten: { address: person.address, sessions, notices: 0, rules: 0, values: 0 } }
      }),
    },
  }
}
