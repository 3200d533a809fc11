/** What happens to the store's files and threads: each test is one line of RELIABILITY's table. */
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { takeLock } from '../../../electron/store/lock.ts'
import { createRules } from '../../../electron/store/rules.ts'
import { SCHEMA_VERSION } from '../../../electron/store/schema.ts'
import { MAX_QUEUED, createStore } from '../../../electron/store/store.ts'
import type { Store } from '../../../electron/store/store.ts'
import { spanOf } from '../../../shared/report/span.ts'
import { NOW, entryOf } from '../../contract/storecast.ts'

vi.setConfig({ testTimeout: 60_000 })

const clock = { now: () => NOW, monotonic: () => performance.now() }
let dataDir: string
let opened: Store[]
const database = () => join(dataDir, 'journal.sqlite')

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'porch-faults-'))
  opened = []
})
afterEach(async () => {
  for (const store of opened) await store.close()
  rmSync(dataDir, { recursive: true })
})

async function open(more: { retentionDays?: number; now?: number } = {}) {
  const alarms = createAlarms(clock)
  const own = more.now === undefined ? clock : { ...clock, now: () => more.now ?? NOW }
  const store = await createStore({ dataDir, clock: own, alarms, retentionDays: () => more.retentionDays ?? 90 })
  opened.push(store)
  return { store, alarms, codes: () => alarms.list().map((alarm) => alarm.code) }
}

async function ban(store: Store, ...scopes: string[]) {
  const rules = await createRules({ store, clock })
  for (const scope of scopes) expect(await rules.add({ kind: 'ban', scope, reason: 'kept', by: 'admin' })).toMatchObject({ ok: true })
}
const banned = async (store: Store) => (await store.loadRules()).map((rule) => rule.scope).sort()
const asides = () => readdirSync(dataDir).filter((name) => name.includes('.torn-') && !/-(wal|shm)$/.test(name))

describe('kill -9', () => {
  test('what was acknowledged is there, whole and once; the folder is free again', async () => {
    const sessions: number[] = []
    const rules: number[] = []
    for (let run = 0; run < 4; run++) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), dataDir, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] })
      let last = [-1, 0]
      await new Promise<void>((resolve) => {
        let text = ''
        const killAfter = 5 + run * 37
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          const lines = text.split('\n')
          text = lines.pop() ?? ''
          for (const line of lines) if (line !== 'up') last = line.split(' ').map(Number)
          if ((last[0] ?? 0) >= killAfter) child.kill('SIGKILL')
        })
        child.on('exit', () => resolve())
      })
      rules.push((last[0] ?? -1) + 1)
      sessions.push(last[1] ?? 0)
    }
    const { store, codes } = await open()
    const kept = await banned(store)
    for (const [run, count] of rules.entries()) {
      expect(count).toBeGreaterThan(0)
      for (let each = 0; each < count; each++) expect(kept).toContain(`10.${run}.${each >> 8}.${each & 255}`)
    }
    const all = (await store.sessions({ limit: 1_000_000 })).map((session) => session.id)
    expect(new Set(all).size).toBe(all.length)
    // Reports have counted each once, whatever was written down when the process died.
    // A report waits for what is not counted only for a moment, and says how much that is.
    const month = () => store.report(spanOf('month', new Date(NOW).toISOString().slice(0, 10)))
    await expect.poll(async () => (await month()).uncounted, { timeout: 20_000 }).toBe(0)
    const { totals, uncounted, networks } = await month()
    expect([totals['d:rejected'], networks.entries[0]?.sessions, uncounted]).toEqual([all.length, all.length, 0])
    const made = await store.report(spanOf('year', new Date().toISOString().slice(0, 10)))
    expect(made.totals['b:made-admin']).toBe(kept.length)
    for (const [run, count] of sessions.entries()) {
      const ofRun = all.filter((id) => id.startsWith(`${run}-`)).reverse()
      expect(ofRun.length).toBeGreaterThanOrEqual(count)
      expect(ofRun).toEqual(ofRun.map((_, each) => `${run}-${each}`))
    }
    expect(codes()).toEqual([])
  })
})

describe('a torn file', () => {
  async function filled() {
    const { store } = await open()
    for (let count = 0; count < 500; count++) {
      store.record(entryOf(`t${count}`, 0))
      if (count % 100 === 99) await store.sessions({ limit: 1 })
    }
    await ban(store, '192.0.2.1', '192.0.2.0/24')
    await store.close()
    expect(existsSync(`${database()}-wal`)).toBe(false)
  }

  test.each<[string, () => void]>([
    ['overwritten at its beginning', () => writeSync(openSync(database(), 'r+'), Buffer.alloc(300, 7), 0, 300, 0)],
    ['overwritten in its middle', () => writeSync(openSync(database(), 'r+'), Buffer.alloc(20_000, 7), 0, 20_000, 4096)],
    ['cut short', () => truncateSync(database(), statSync(database()).size >> 1)],
    ['cut to a torn page', () => truncateSync(database(), statSync(database()).size - 100)],
    ['something else altogether', () => writeFileSync(database(), 'this is not a database, though it is long enough to be one'.repeat(50))],
  ])('%s: moved aside, the gate starts, rules are kept', async (_name, tear) => {
    await filled()
    tear()
    const { store, alarms } = await open()
    expect(await banned(store)).toEqual(['192.0.2.0/24', '192.0.2.1'])
    expect(asides()).toEqual([expect.stringMatching(/^journal\.sqlite\.torn-\d{8}T\d{6}Z$/)])
    expect(alarms.list()).toEqual([{
      code: 'store-torn', severity: 'critical', since: '2026-11-23T15:00:00.000Z',
      text: `The database was damaged. It was moved to ${join(dataDir, asides()[0]!)}; a fresh one is in use, with 2 rules kept. Earlier sessions are in the moved file only.`,
    }])
    store.record(entryOf('after', 0))
    expect((await store.sessions({ limit: 10 })).map((each) => each.id)).toEqual(['after'])
  })

  test('while running: moved aside, rules are kept, what comes next is written', async () => {
    await filled()
    const { store, codes } = await open()
    // Another process ruins the table of contents; whoever reads it next finds pages that cannot be.
    const db = new Sqlite(database())
    db.unsafeMode()
    db.pragma('writable_schema = ON')
    db.exec("UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'blocks'")
    db.pragma(`schema_version = ${Number(db.pragma('schema_version', { simple: true })) + 1}`)
    db.close()
    await vi.waitFor(async () => {
      store.record(entryOf('more', 0))
      await store.sessions({ limit: 1000 }).catch(() => undefined)
      expect(codes()).toContain('store-torn')
    }, { timeout: 30_000, interval: 50 })
    expect(await banned(store)).toEqual(['192.0.2.0/24', '192.0.2.1'])
    expect(asides().length).toBe(1)
    store.record(entryOf('last', 0))
    expect((await store.sessions({ limit: 1 })).map((each) => each.id)).toEqual(['last'])
  })

  test('a damaged block is passed over and told; all others are found', async () => {
    await filled()
    const db = new Sqlite(database())
    const [block] = db.prepare('SELECT first, sessions FROM blocks ORDER BY first').all() as { first: number; sessions: number }[]
    db.prepare('UPDATE contents SET records = zeroblob(100) WHERE first = ?').run(block!.first)
    db.close()
    const { store, codes } = await open()
    expect((await store.sessions({ limit: 1000 })).length).toBe(500 - block!.sessions)
    expect(codes()).toEqual(['store-damaged'])
  })

  test('a lost write-ahead log: rules acknowledged are there', async () => {
    const { store } = await open()
    await ban(store, '192.0.2.1')
    // As after kill -9 with the log gone: the database without it.
    const copy = readFileSync(database())
    await ban(store, '192.0.2.2')
    await store.close()
    writeFileSync(database(), copy)
    const again = await open()
    expect(await banned(again.store)).toEqual(['192.0.2.1', '192.0.2.2'])
  })

  test('a torn or missing mirror of the rules harms nothing', async () => {
    await filled()
    const mirror = join(dataDir, 'rules.jsonl')
    const text = readFileSync(mirror, 'utf8')
    for (const damage of [() => truncateSync(mirror, text.length - 20), () => appendFileSync(mirror, '\n{"n":99999,"put":{"kind":"ban"'), () => rmSync(mirror), () => writeFileSync(mirror, Buffer.alloc(5000))]) {
      damage()
      const { store, codes } = await open()
      expect(await banned(store)).toEqual(['192.0.2.0/24', '192.0.2.1'])
      expect(codes()).toEqual([])
      await store.close()
    }
  })
})

test('a database of a newer program is refused and not touched', async () => {
  await (await open()).store.close()
  const db = new Sqlite(database())
  db.pragma('user_version = 99')
  db.pragma('journal_mode = DELETE')
  db.close()
  const before = readFileSync(database())
  await expect(open()).rejects.toThrow(`${database()} was written by a newer Porch (store version 99; this program knows ${SCHEMA_VERSION}); it was not touched`)
  expect(readFileSync(database())).toEqual(before)
  expect(readdirSync(dataDir).filter((name) => name.startsWith('journal'))).toEqual(['journal.sqlite'])
})

test('locked by another process: sessions wait in memory, the alarm tells, then all are written in order', async () => {
  const { store, codes } = await open()
  store.record(entryOf('before', 0))
  await store.sessions({ limit: 1 })
  const other = new Sqlite(database())
  other.exec('BEGIN IMMEDIATE')
  for (let count = 0; count < 1200; count++) store.record(entryOf(`l${count}`, 0))
  await vi.waitFor(() => expect(codes()).toEqual(['store-trouble']), { timeout: 30_000 })
  expect(store.stats()).toMatchObject({ queued: 1200, written: 1, dropped: 0, trouble: 'database is locked' })
  await expect(store.putRule({ kind: 'ban', scope: '192.0.2.1', reason: '', by: 'admin', since: '', until: null, hits: 0 })).rejects.toThrow('database is locked')
  other.exec('COMMIT')
  other.close()
  await vi.waitFor(() => expect(store.stats()).toMatchObject({ queued: 0, written: 1201, trouble: null }), { timeout: 30_000 })
  expect((await store.sessions({ limit: 2000 })).map((each) => each.id)).toEqual([...Array.from({ length: 1200 }, (_, count) => `l${1199 - count}`), 'before'])
  expect(codes()).toEqual([])
})

test('out of reach at start: the gate starts with the rules of the mirror, and recovers', async () => {
  const first = await open()
  await ban(first.store, '192.0.2.1')
  await first.store.close()
  const other = new Sqlite(database())
  other.pragma('locking_mode = EXCLUSIVE')
  other.exec('BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS x (y); COMMIT')
  const { store, codes } = await open()
  expect([await banned(store), codes()]).toEqual([['192.0.2.1'], ['store-trouble']])
  store.record(entryOf('waiting', 0))
  other.close()
  await vi.waitFor(() => expect(store.stats()).toMatchObject({ queued: 0, written: 1, trouble: null }), { timeout: 30_000 })
  expect([await banned(store), codes()]).toEqual([['192.0.2.1'], []])
})

test('the queue is bounded; what it cannot take is counted and shown', async () => {
  const { store, alarms } = await open()
  for (let count = 0; count < MAX_QUEUED + 5; count++) store.record(entryOf(`q${count}`, 0))
  expect(store.stats()).toMatchObject({ queued: MAX_QUEUED, dropped: 5 })
  expect(alarms.list()).toMatchObject([{ code: 'store-dropped', severity: 'critical', text: '5 sessions are not in the journal: it could not be written, and its queue was full. Mail was not affected.' }])
  expect(await store.sessions({ limit: 1 })).toMatchObject([{ id: `q${MAX_QUEUED - 1}` }])
  expect(store.stats()).toMatchObject({ queued: 0, written: MAX_QUEUED, dropped: 5 })
})

test('the worker dies: questions and sessions are sent again to the next one, nothing is doubled', async () => {
  const { store, codes } = await open()
  for (let count = 0; count < 600; count++) store.record(entryOf(`w${count}`, 0))
  const asked = store.sessions({ limit: 1000 })
  await store.crash()
  for (let count = 600; count < 700; count++) store.record(entryOf(`w${count}`, 0))
  expect((await asked).length).toBeGreaterThanOrEqual(600)
  expect((await store.sessions({ limit: 1000 })).map((each) => each.id)).toEqual(Array.from({ length: 700 }, (_, count) => `w${699 - count}`))
  expect(store.stats()).toMatchObject({ queued: 0, written: 700, dropped: 0, trouble: null })
  expect(codes()).toEqual([])
})

test('an entry with an endless transcript is cut, not dropped', async () => {
  const { store } = await open()
  const entry = entryOf('long', 0)
  store.record({ ...entry, transcript: Array.from({ length: 5000 }, (_, ms) => ({ ms, who: 'client' as const, text: 'x'.repeat(400) })) })
  const kept = await store.entry('long')
  expect(kept?.session).toEqual(entry.session)
  expect([kept?.transcript.length, kept?.transcript.at(-1)]).toEqual([201, { ms: 199, who: 'note', text: 'the rest of the transcript was too long to keep' }])
})

test('two gates on one folder: the second is told so, and may have it when the first is gone', async () => {
  const lock = await takeLock(dataDir)
  await expect(takeLock(dataDir, 0)).rejects.toThrow(`another Porch is using the data folder ${dataDir}`)
  lock.release()
  const next = await takeLock(dataDir, 0)
  next.release()
})

test('the data is its owner’s alone', async () => {
  const { store } = await open()
  await ban(store, '192.0.2.1')
  for (const name of readdirSync(dataDir)) expect([name, statSync(join(dataDir, name)).mode & 0o077]).toEqual([name, 0])
})

test('a backup is a whole database with the sessions and rules of its moment', async () => {
  const { store } = await open()
  for (let count = 0; count < 300; count++) store.record(entryOf(`b${count}`, 0))
  await ban(store, '192.0.2.1')
  const file = join(dataDir, 'copy')
  writeFileSync(file, 'an older backup')
  await store.backup(file)
  const copy = new Sqlite(file, { readonly: true })
  expect(copy.prepare('SELECT (SELECT sum(sessions) FROM blocks) AS sessions, (SELECT count(*) FROM rules) AS rules').get()).toEqual({ sessions: 300, rules: 1 })
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  copy.close()
  await expect(store.backup(join(dataDir, 'no', 'such', 'folder'))).rejects.toThrow('ENOENT')
  expect(readdirSync(dataDir).filter((name) => name.includes('.part'))).toEqual([])
})
