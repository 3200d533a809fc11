/**
 * A year of sessions (10 million, if not said otherwise) counted by the store's own part for reports, checked against a direct count
 * made beside it, and the year's report opened through the store's worker, as the console opens it. Goal: 200 ms. The sessions
 * themselves are not stored: they would take a quarter of an hour and 2.5 GB, and reports do not read them.
 * As a script: `node test/bench/reports.ts DIR [SESSIONS]`.
 */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { systemClock } from '../../electron/clock.ts'
import { createReports } from '../../electron/store/reports.ts'
import { createStore } from '../../electron/store/store.ts'
import { databaseFile, openDatabase } from '../../electron/store/schema.ts'
import { spanOf } from '../../shared/report/span.ts'
import type { Span } from '../../shared/report/span.ts'
import { population } from './population.ts'

const AT_ONCE = 500
const ROUNDS = 15
const YEAR = 2026

export interface ReportBench {
  readonly sessions: number
  readonly countMicros: number
  readonly bytes: number
  /** ms. */
  readonly opening: Readonly<Record<string, { readonly first: number; readonly p50: number; readonly worst: number }>>
  readonly differences: readonly string[]
}

export async function measureReports(dataDir: string, sessions: number): Promise<ReportBench> {
  mkdirSync(dataDir, { recursive: true })
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const end = new Date(YEAR + 1, 0, 1).getTime() - 1
  const days = Math.round((end - new Date(YEAR, 0, 1).getTime()) / 86_400_000)
  const people = population(sessions, end, days)
  const db = openDatabase(Sqlite, databaseFile(dataDir))
  const reports = createReports(db, { after: () => [], sessions: () => [], countAbove: () => 0 }, zone, Date.now)
  const direct = new Map<string, number>()
  const networks = new Map<string, number>()
  let spent = 0
  for (let first = 0; first < sessions; first += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, sessions - first) }, (_, at) => people.sessionOf(first + at))
    const began = performance.now()
    reports.note(first + 1, batch)
    if (reports.isFull()) db.transaction(() => reports.flush())()
    spent += performance.now() - began
    for (const { at, disposition, findings, client } of batch) {
      const month = new Date(at).getMonth()
      for (const key of [`d:${disposition}`, ...findings.map((finding) => `f:${finding}`)]) direct.set(`${month} ${key}`, (direct.get(`${month} ${key}`) ?? 0) + 1)
      const network = `${client.slice(0, client.lastIndexOf('.'))}.0/24`
      networks.set(network, (networks.get(network) ?? 0) + 1)
    }
  }
  db.transaction(() => reports.flush())()
  db.close()

  const alarms = { raise: (_: string, __: string, text: string) => console.error(text), clear: () => undefined, list: () => [] }
  const store = await createStore({ dataDir, clock: { ...systemClock, now: () => end }, alarms, retentionDays: () => 10_000 })
  try {
    const opening: Record<string, { first: number; p50: number; worst: number }> = {}
    for (const span of [spanOf('year', `${YEAR}-06-01`), spanOf('month', `${YEAR}-10-01`), spanOf('week', `${YEAR}-10-19`), spanOf('day', `${YEAR}-10-25`)]) opening[span.kind] = await timed(() => store.report(span))
    const differences: string[] = []
    for (let month = 0; month < 12; month++) {
      const { totals } = await store.report(monthOf(month))
      for (const [key, count] of direct) if (key.startsWith(`${month} `) && totals[key.slice(key.indexOf(' ') + 1)] !== count) differences.push(`${key}: ${totals[key.slice(key.indexOf(' ') + 1)]} instead of ${count}`)
    }
    const year = await store.report(spanOf('year', `${YEAR}-06-01`))
    for (const { key, sessions: told, atMost } of year.networks.entries) {
      const exact = networks.get(key) ?? 0
      if (told > exact || exact > told + atMost) differences.push(`${key}: ${told} (+${atMost}) instead of ${exact}`)
    }
    return { sessions, countMicros: (spent * 1000) / sessions, bytes: statSync(databaseFile(dataDir)).size + sizeOf(join(dataDir, 'journal.sqlite-wal')), opening, differences }
  } finally {
    await store.close()
  }
}

const monthOf = (month: number): Span => spanOf('month', `${YEAR}-${String(month + 1).padStart(2, '0')}-01`)
const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0

async function timed(work: () => Promise<unknown>) {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return { first: times[0] ?? 0, p50: sorted[Math.floor(ROUNDS / 2)] ?? 0, worst: sorted.at(-1) ?? 0 }
}

export function tellReports({ sessions, countMicros, bytes, opening, differences }: ReportBench): void {
  console.log(`\nreports: a year of ${sessions.toLocaleString('en-US')} sessions; ${countMicros.toFixed(1)} µs a session to count, ${(bytes / 1e6).toFixed(1)} MB of figures`)
  for (const [kind, { first, p50, worst }] of Object.entries(opening)) console.log(`${`open a ${kind}, ms`.padEnd(44)} first ${first.toFixed(1).padStart(7)}   p50 ${p50.toFixed(1).padStart(7)}   worst ${worst.toFixed(1).padStart(7)}   goal <= 200`)
  console.log(differences.length === 0 ? 'every month, disposition and finding is as counted directly; every listed network within what is told' : `NOT AS COUNTED DIRECTLY: ${differences.slice(0, 10).join('; ')}`)
  if (differences.length > 0) process.exitCode = 1
}

if (import.meta.main) tellReports(await measureReports(process.argv[2] ?? '', Number(process.argv[3] ?? 10_000_000)))
