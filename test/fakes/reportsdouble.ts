/** Reports and privacy of the gate double: counted from its sessions, with bans and notices made up. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { readForgettable } from '../../shared/net/forget.ts'
import { spanOf } from '../../shared/report/span.ts'
import { localDate } from '../../shared/report/zone.ts'
import { WhatIfTally } from '../../shared/gate/whatiftally.ts'
import { directReport } from './report.ts'
import type { Role } from './samplecast.ts'
import { detailOf } from './samplesessions.ts'

export interface ReportsWorld {
  readonly calls: string[]
  readonly sessions: readonly { readonly record: SessionRecord; readonly role: Role }[]
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

/** Judged for real, and slowly enough to be cancelled. */
export function whatIfRunDouble(world: ReportsWorld) {
  return implement(api).whatIf.run.handler(async function* ({ input }) {
    const tally = new WhatIfTally({ hostname: 'mx.shop.example', domains: ['shop.example'] })
    const total = world.sessions.length
    for (const [at, { record, role }] of [...world.sessions].reverse().entries()) {
      tally.add(record, () => detailOf(record, role).evidence)
      if (at % Math.ceil(total / 5) > 0) continue
      yield { kind: 'progress' as const, done: at, total }
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    const counts = tally.counts()
    const changes = tally.changing(input.rules, 1000).map((each) => ({ ...each, allowed: false }))
    const now = Date.now()
    yield { kind: 'result' as const, report: { rules: input.rules, days: input.days, from: new Date(now - input.days * 86_400_000).toISOString(), until: new Date(now).toISOString(), now: { rules: 'house' as const, mode: 'observe' as const }, counts, changes, leftOff: 0 } }
  })
}
