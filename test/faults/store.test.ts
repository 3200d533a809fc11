/**
 * RELIABILITY, Faults: "disk full; database locked; database torn", through the whole program: mail flows, the console
 * tells, rules are kept. (The store's own side, with its bounds and counts: test/electron/store/faults.test.ts, diskfull.test.ts.)
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPorch } from '../e2e/porch.ts'
import type { Porch } from '../e2e/porch.ts'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { alarmCodes, consoleOf, metric, send, settingsOf, stateWhen } from './tools.ts'

let backend: FakeBackend
beforeAll(async () => {
  backend = await startBackend()
})
afterAll(() => backend.close())

const database = (porch: Porch) => join(porch.data, 'journal.sqlite')
const ids = async (porch: Porch) => (await consoleOf(porch).sessions.list({ limit: 10_000 })).map(({ id }) => id)
const scopes = async (porch: Porch) => (await consoleOf(porch).rules.list()).map(({ scope }) => scope).sort()
const add = (porch: Porch, kind: 'ban' | 'allow', scope: string) => consoleOf(porch).rules.add({ kind, scope, reason: 'kept' })
const REFUSED = { ok: false, problem: expect.stringContaining('could not be stored') as string }

test('locked by another process: mail flows, the console tells; released: every session is there, and the alarm ends', async () => {
  const porch = await startPorch(settingsOf(backend.address))
  try {
    expect(await send(porch)).toBe('250 2.0.0 taken')
    const first = await porch.session(() => true)
    expect(await ids(porch)).toEqual([first.id])
    const other = new Sqlite(database(porch))
    other.exec('BEGIN EXCLUSIVE')
    const sent = await Promise.all(Array.from({ length: 30 }, () => send(porch)))
    expect(sent.filter((reply) => reply !== '250 2.0.0 taken')).toEqual([])
    const stuck = await stateWhen(porch, (state) => state.journal.trouble !== null)
    expect(stuck.journal).toEqual({ queued: 30, dropped: 0, trouble: 'database is locked' })
    expect(stuck.alarms.find(({ code }) => code === 'store-trouble')).toMatchObject({ severity: 'critical', text: expect.stringContaining('Mail is not affected') as string })
    expect(await metric(porch, 'porch_store_queue')).toBe(30)
    expect(await send(porch)).toBe('250 2.0.0 taken')
    expect(await add(porch, 'ban', '192.0.2.1')).toMatchObject(REFUSED)
    other.exec('COMMIT')
    other.close()
    await stateWhen(porch, (state) => state.journal.queued === 0 && !alarmCodes(state).includes('store-trouble'))
    expect((await ids(porch)).toSorted()).toEqual(porch.sessions.map(({ id }) => id).toSorted())
    expect(porch.sessions).toHaveLength(32)
  } finally {
    await porch.stop()
  }
})

describe('torn while the gate was down: moved aside, the gate starts, an alarm tells, rules are kept, mail flows', () => {
  test.concurrent.each<[string, (file: string) => void]>([
    ['garbage over its beginning', (file) => overwrite(file, Buffer.alloc(8192, 0x5a))],
    ['cut in the middle', (file) => truncateSync(file, Math.floor(statSync(file).size / 2) + 100)],
    ['all of it garbage', (file) => writeFileSync(file, Buffer.alloc(100_000, 'garbage '))],
  ])('%s', async (_how, tear) => {
    const porch = await startPorch(settingsOf(backend.address))
    try {
      expect(await add(porch, 'ban', '192.0.2.0/24')).toMatchObject({ ok: true })
      expect(await add(porch, 'allow', 'good.example')).toMatchObject({ ok: true })
      await Promise.all(Array.from({ length: 20 }, () => send(porch)))
      await porch.kill('SIGTERM')
      tear(database(porch))
      const again = await startPorch(settingsOf(backend.address), porch.dir)
      try {
        const state = await stateWhen(again, (now) => alarmCodes(now).includes('store-torn'))
        const aside = readdirSync(again.data).find((name) => name.startsWith('journal.sqlite.torn-')) ?? 'none'
        expect(state.alarms.find(({ code }) => code === 'store-torn')?.text).toContain(join(again.data, aside))
        expect(await scopes(again)).toEqual(['192.0.2.0/24', 'good.example'])
        expect(await send(again)).toBe('250 2.0.0 taken')
        expect(await send(again, '192.0.2.7')).toMatch(/^503|^$/)
        expect(await ids(again)).toEqual([(await again.session(({ disposition }) => disposition === 'exempt')).id])
      } finally {
        await again.kill('SIGTERM')
      }
    } finally {
      await porch.stop()
    }
  })
})

describe('the disk is full', () => {
  const dir = mkdtempSync(join(tmpdir(), 'porch-full-'))
  const data = join(dir, 'data')
  mkdirSync(data)
  const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', data]).status === 0
  if (!mounted) console.warn('SKIPPED: the disk is full: a file system of its own cannot be mounted here')
  const ballast = join(data, 'ballast')
  afterAll(() => {
    if (mounted) spawnSync('umount', ['-l', data])
    rmSync(dir, { recursive: true, force: true })
  })

  test.skipIf(!mounted)('while it runs: mail flows, an alarm tells, nothing is lost of what waits; also a start succeeds; room again: all heals', async () => {
    const porch = await startPorch(settingsOf(backend.address), dir)
    let again: Porch | null = null
    try {
      expect(await add(porch, 'ban', '192.0.2.0/24')).toMatchObject({ ok: true })
      fill(ballast)
      let sent = 0
      const trouble = stateWhen(porch, (state) => state.journal.trouble !== null)
      for (let full = false; !full; sent += 20) {
        const replies = await Promise.all(Array.from({ length: 20 }, () => send(porch)))
        expect(replies.filter((reply) => reply !== '250 2.0.0 taken')).toEqual([])
        fill(ballast)
        full = await Promise.race([trouble.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))])
      }
      const state = await trouble
      expect(state.journal).toMatchObject({ dropped: 0, trouble: 'database or disk is full' })
      expect(alarmCodes(state)).toContain('store-trouble')
      expect(await add(porch, 'ban', '198.51.100.1')).toMatchObject(REFUSED)
      rmSync(ballast)
      await stateWhen(porch, (now) => now.journal.queued === 0 && now.journal.trouble === null)
      expect(await ids(porch)).toHaveLength(sent)

      fill(ballast)
      await porch.kill('SIGKILL')
      again = await startPorch(settingsOf(backend.address), dir)
      expect(await send(again)).toBe('250 2.0.0 taken')
      expect(await send(again, '192.0.2.7')).toMatch(/^503|^$/)
      expect(await scopes(again)).toEqual(['192.0.2.0/24'])
      await stateWhen(again, (now) => alarmCodes(now).includes('announce'))
      rmSync(ballast)
      await stateWhen(again, (now) => now.alarms.length === 0 && now.journal.queued === 0)
      expect(await again.cli('rules')).toMatchObject({ code: 0 })
      expect(await again.kill('SIGTERM')).toBe(0)
    } finally {
      await porch.kill('SIGKILL')
      await again?.kill('SIGKILL')
    }
  })
})

function overwrite(file: string, octets: Buffer): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, octets, 0, octets.length, 0)
  closeSync(handle)
}

/** Takes all the room that is left, to the last octet. */
function fill(file: string): void {
  const handle = openSync(file, 'a')
  try {
    for (const size of [65_536, 4096]) {
      try {
        for (;;) writeSync(handle, Buffer.alloc(size))
      } catch {
        // As full as it gets in pieces of this size.
      }
    }
  } finally {
    closeSync(handle)
  }
}
