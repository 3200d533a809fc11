/** RELIABILITY, "disk full": on a small file system of its own (Linux, where mounting one is allowed). */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { createAlarms } from '../../electron/alarms.ts'
import { systemClock } from '../../electron/clock.ts'
import { createRules } from '../../electron/store/rules.ts'
import { createStore } from '../../electron/store/store.ts'
import { entryOf } from '../contract/storecast.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'porch-full-'))
const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dataDir]).status === 0
afterAll(() => {
  if (mounted) spawnSync('umount', [dataDir])
  rmSync(dataDir, { recursive: true, force: true })
})

test.skipIf(!mounted)('mail flows, what waits is bounded and told, rules are refused with the reason; room again: all is written', async () => {
  const alarms = createAlarms(systemClock)
  const codes = () => alarms.list().map((alarm) => alarm.code)
  const store = await createStore({ dataDir, clock: systemClock, alarms, retentionDays: () => 90 })
  const rules = await createRules({ store, clock: systemClock })
  expect(await rules.add({ kind: 'ban', scope: '192.0.2.1', reason: '', by: 'admin' })).toMatchObject({ ok: true })
  const ballast = join(dataDir, 'ballast')
  try {
    writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024))
  } catch {
    // As full as it gets.
  }
  // Names that do not compress, so that a new page is needed soon.
  const record = (id: number) => store.record(entryOf(`f${id}`, 0, { ehlo: `${Math.random()}${Math.random()}.example` }))
  let count = 0
  await vi.waitFor(() => {
    for (let each = 0; each < 200; each++) record(count++)
    expect(codes()).toContain('store-trouble')
  }, { timeout: 20_000, interval: 100 })
  expect(await rules.add({ kind: 'ban', scope: '192.0.2.2', reason: '', by: 'admin' })).toMatchObject({ ok: false })
  while (store.stats().dropped === 0) record(count++)
  expect(store.stats().queued).toBeLessThanOrEqual(10_000)
  expect(codes()).toEqual(['store-trouble', 'store-dropped'])

  rmSync(ballast)
  await vi.waitFor(() => expect(store.stats()).toMatchObject({ queued: 0, dropped: 1, written: count - 1, trouble: null }), { timeout: 20_000 })
  expect(codes()).toEqual(['store-dropped'])
  expect(await rules.add({ kind: 'ban', scope: '192.0.2.3', reason: '', by: 'admin' })).toMatchObject({ ok: true })
  expect((await store.sessions({ limit: 1_000_000 })).map((each) => each.id)).toEqual(Array.from({ length: count - 1 }, (_, index) => `f${count - 2 - index}`))
  await rules.close()
  await store.close()

  const again = await createStore({ dataDir, clock: systemClock, alarms: createAlarms(systemClock), retentionDays: () => 90 })
  expect((await again.loadRules()).map((rule) => rule.scope)).toEqual(['192.0.2.1', '192.0.2.3'])
  await again.close()
})
