/** Figures kept for reports: the same as a direct count, whatever happens in between; and what becomes of them with age. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEngine } from '../../../electron/store/engine.ts'
import type { Engine } from '../../../electron/store/engine.ts'
import { createReportReader } from '../../../electron/store/reportread.ts'
import { createReports, KEPT_DAYS } from '../../../electron/store/reports.ts'
import { databaseFile, openDatabase } from '../../../electron/store/schema.ts'
import type { SessionRecord } from '../../../shared/events.ts'
import type { ReportFigures } from '../../../shared/report/fold.ts'
import { spanOf } from '../../../shared/report/span.ts'
import { population } from '../../bench/population.ts'
import { NOW, RULE, entryOf } from '../../contract/storecast.ts'
import { directReport } from '../../fakes/report.ts'

const DAY_MS = 86_400_000
let dataDir: string
let engine: Engine
let now: number
let batch: number

const open = (zone = 'Europe/Berlin') => openEngine({ sqlite: Sqlite, dataDir, run: 'test', zone, now: () => now, onTorn: () => undefined, onDamaged: () => undefined })

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'porch-reports-'))
  now = NOW
  batch = 0
  engine = open()
})
afterEach(() => {
  engine.close()
  rmSync(dataDir, { recursive: true })
})

const write = (...sessions: SessionRecord[]) => engine.apply([{ op: 'write', batch: ++batch, lines: sessions.flatMap((session) => [JSON.stringify(session), '[[],[]]']) }])
const month = () => engine.report(spanOf('month', '2026-11-23'), now)
const settled = () => {
  while (engine.reportStep());
  engine.flushCounts('all')
}
const { session: REFUSED } = entryOf('r', 0)

/** All but the lists, and when counting began (which is told by the hour of the zone). */
const figuresOf = ({ span, from, until, slices, totals, before }: Omit<ReportFigures, 'uncounted'>) => ({ span, from, until, slices, totals, before })

describe('the same as a direct count', () => {
  test('a year of 200,000 sessions, through both changes of the clock, and in a zone of half hours', () => {
    for (const zone of ['Europe/Berlin', 'Asia/Kolkata']) {
      const db = openDatabase(Sqlite, join(dataDir, `${zone.slice(0, 4)}.sqlite`))
      const reports = createReports(db, { after: () => [], sessions: () => [], countAbove: () => 0 }, zone, () => now)
      const end = Date.parse('2027-01-01T00:00:00Z') - 1
      const people = population(200_000, end, 366)
      const sessions = Array.from({ length: 200_000 }, (_, at) => people.sessionOf(at))
      for (let first = 0; first < sessions.length; first += 500) {
        reports.note(first + 1, sessions.slice(first, first + 500))
        if (reports.isFull()) db.transaction(() => reports.flush())()
      }
      db.transaction(() => reports.flush())()
      const read = createReportReader(db, zone)
      for (const span of [spanOf('year', '2026-05-05'), spanOf('month', '2026-03-05'), spanOf('month', '2026-10-31'), spanOf('week', '2026-10-25'), spanOf('day', '2026-03-29'), spanOf('day', '2026-10-25')]) {
        const told = read(span, end)
        const direct = directReport(sessions, span, zone, end)
        // Lists of days and months that are over are cut: the first of each are exact, what is joined from further down is "at least".
        expect(figuresOf(told)).toEqual(figuresOf(direct))
        for (const [list, exact] of [[told.senders, direct.senders], [told.networks, direct.networks]] as const) {
          if (span.kind !== 'week') expect(list.entries.slice(0, 8).map(({ key, sessions: count }) => [key, count])).toEqual(exact.entries.slice(0, 8).map(({ key, sessions: count }) => [key, count]))
          expect([...list.entries, list.rest].reduce((sum, each) => sum + each.sessions, 0)).toBe(Object.entries(direct.totals).reduce((all, [key, count]) => all + (key.startsWith('d:') ? count : 0), 0))
          const exactly = new Map(exact.entries.map((each) => [each.key, each.sessions]))
          for (const { key, sessions: count, atMost } of list.entries) {
            const truth = exactly.get(key)
            if (truth !== undefined) expect(count <= truth && truth <= count + atMost, `${key}: ${count} (+${atMost}) of ${truth}`).toBe(true)
          }
        }
      }
      db.close()
    }
  }, 120_000)

  test('through the store itself, joined blocks, several runs', () => {
    const people = population(3000, NOW, 60)
    const sessions = Array.from({ length: 3000 }, (_, at) => people.sessionOf(at))
    for (let at = 0; at < sessions.length; at += 50) {
      write(...sessions.slice(at, at + 50))
      if (at % 700 === 0) engine.flushCounts('all')
      if (at % 900 === 0) {
        // What was not written down is counted again from the journal.
        engine.close()
        engine = open()
      }
      if (at % 300 === 0) while (engine.joinStep());
    }
    settled()
    expect(figuresOf(month())).toEqual(figuresOf(directReport(sessions, spanOf('month', '2026-11-23'), 'Europe/Berlin', now)))
    expect(month().uncounted).toBe(0)
  })
})

test('a transaction that fails leaves nothing behind, and nothing is counted twice after it', () => {
  write(REFUSED)
  const lines = [JSON.stringify(REFUSED), '[[],[]]']
  expect(() => engine.apply([{ op: 'write', batch: ++batch, lines }, { op: 'putRule', rule: { ...RULE, reason: null as unknown as string } }])).toThrow()
  settled()
  expect(month().totals['d:rejected']).toBe(1)
  write(REFUSED)
  settled()
  expect(month().totals['d:rejected']).toBe(2)
})

test('a store of the version before is counted in steps, with what is known of bans and notices', () => {
  write(...Array.from({ length: 3000 }, (_, at) => ({ ...REFUSED, id: `r${at}` })))
  engine.apply([{ op: 'putRule', rule: RULE }, { op: 'putRule', rule: { ...RULE, scope: '192.0.2.9', by: 'auto' } }, { op: 'addHits', hits: [{ kind: 'ban', scope: '192.0.2.9', hits: 40, minute: Math.floor(NOW / 60_000) }, { kind: 'allow', scope: 'x', hits: 9, minute: Math.floor(NOW / 60_000) }] }])
  const notice = { id: 'n1', sentAt: NOW - 3 * DAY_MS, events: [{ at: NOW - 3 * DAY_MS, kind: 'sent', text: '' }, { at: NOW - DAY_MS, kind: 'fixed', text: '' }] }
  engine.apply([{ op: 'putNotice', notice: 'n1', value: JSON.stringify(notice), message: '' }, { op: 'putNotice', notice: 'n2', value: 'torn {', message: '' }])
  engine.close()
  const db = new Sqlite(databaseFile(dataDir))
  const version = db.pragma('user_version', { simple: true }) as number
  db.exec("DROP TABLE report_hours; DROP TABLE report_tops; DROP TABLE report_fixes; DELETE FROM marks WHERE key = 'reported'")
  db.pragma(`user_version = ${version - 1}`)
  db.close()
  engine = open()
  const before = month()
  expect(before.uncounted).toBe(3000)
  expect(before.totals).toEqual({ 'b:made-admin': 1, 'b:made-auto': 1, 'b:spared': 40, 'n:sent': 1, 'n:fixed': 1 })
  expect(before.fixedAfter).toEqual([2 * DAY_MS])
  // What is written meanwhile waits its turn, and is counted once.
  write({ ...REFUSED, id: 'new' })
  settled()
  expect([month().uncounted, month().totals['d:rejected'], month().networks.entries[0]?.sessions]).toEqual([0, 3001, 3001])
})

test('bans and notices: counted when they happen, once however often they are written', () => {
  engine.apply([{ op: 'putRule', rule: RULE }])
  engine.apply([{ op: 'putRule', rule: { ...RULE, reason: 'other words' } }])
  engine.apply([{ op: 'putRule', rule: { ...RULE, scope: '192.0.2.9', by: 'auto', until: new Date(NOW + DAY_MS).toISOString() } }])
  engine.apply([{ op: 'deleteRule', kind: 'ban', scope: RULE.scope }])
  engine.apply([{ op: 'deleteRule', kind: 'ban', scope: RULE.scope }])
  now += 2 * DAY_MS
  engine.apply([{ op: 'deleteRule', kind: 'ban', scope: '192.0.2.9' }])
  const events = [{ at: NOW, kind: 'drafted', text: '' }, { at: NOW, kind: 'sent', text: '' }]
  const put = (more: object[], sentAt: number | null = NOW) => engine.apply([{ op: 'putNotice', notice: 'n', value: JSON.stringify({ id: 'n', sentAt, events: [...events, ...more] }), message: null }])
  put([])
  put([{ at: NOW + 5, kind: 'answered', text: '' }])
  put([{ at: NOW + 5, kind: 'answered', text: '' }, { at: NOW + DAY_MS, kind: 'fixed', text: '' }])
  put([{ at: NOW + 5, kind: 'answered', text: '' }, { at: NOW + DAY_MS, kind: 'fixed', text: '' }, { at: NOW + DAY_MS, kind: 'released', text: '' }])
  const { totals, fixedAfter } = month()
  expect(totals).toEqual({ 'b:made-admin': 1, 'b:made-auto': 1, 'b:lifted': 1, 'b:expired': 1, 'n:sent': 1, 'n:answered': 1, 'n:fixed': 1 })
  expect(fixedAfter).toEqual([DAY_MS])
})

test('figures outlive the sessions, and are gone after five years; what is not counted is not pruned', () => {
  write({ ...REFUSED, at: new Date(NOW - 100 * DAY_MS).toISOString() })
  engine.close()
  engine = open()
  engine.pruneStep(NOW - 90 * DAY_MS, NOW)
  expect([engine.unreported(), Object.keys(engine.counts('1970-01-01')).length]).toEqual([1, 1])
  while (engine.reportStep());
  while (engine.pruneStep(NOW - 90 * DAY_MS, NOW));
  expect([engine.counts('1970-01-01'), engine.report(spanOf('year', '2026-01-01'), NOW).totals['d:rejected']]).toEqual([{}, 1])
  while (engine.pruneStep(NOW, NOW + (KEPT_DAYS - 101) * DAY_MS));
  expect(engine.report(spanOf('year', '2026-01-01'), NOW).totals['d:rejected']).toBe(1)
  while (engine.pruneStep(NOW, NOW + (KEPT_DAYS - 98) * DAY_MS));
  expect(engine.report(spanOf('year', '2026-01-01'), NOW).totals).toEqual({})
})

test('a gate that was idle for longer than sessions are kept counts on', () => {
  write(...Array.from({ length: 30 }, (_, at) => ({ ...REFUSED, id: `old${at}`, at: new Date(NOW - 200 * DAY_MS).toISOString() })))
  while (engine.countStep());
  while (engine.pruneStep(NOW - 90 * DAY_MS, NOW));
  engine.flushCounts('all')
  engine.close()
  engine = open()
  write(REFUSED)
  while (engine.countStep());
  settled()
  expect([month().totals['d:rejected'], engine.uncounted(), engine.sender('216.33.111.150')?.attempts]).toEqual([1, 0, 31])
})
