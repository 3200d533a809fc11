/** Whether a gate runs on a folder, and whether this account may look at it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { announce, seekGate } from '../../../electron/console/announce.ts'

const folder = mkdtempSync(join(tmpdir(), 'porch-seek-'))
afterAll(() => rmSync(folder, { recursive: true }))
const gate = { pid: process.pid, url: 'http://127.0.0.1:8525', token: 'x'.repeat(43) }

test('none, found, and none again when its process is gone', async () => {
  expect(await seekGate(folder)).toEqual({ kind: 'none' })
  expect(await seekGate(join(folder, 'nowhere'))).toEqual({ kind: 'none' })
  await announce(folder, gate)
  expect(await seekGate(folder)).toEqual({ kind: 'found', gate })
  await announce(folder, { ...gate, pid: 4_000_000 })
  expect(await seekGate(folder)).toEqual({ kind: 'none' })
})

/** Only an account that is not root can be kept out; root lends itself another one. */
test.skipIf(process.getuid?.() !== 0)('denied, where the file or the folder may not be read', async () => {
  await announce(folder, gate)
  chmodSync(folder, 0o755)
  const module = JSON.stringify(join(import.meta.dirname, '../../../electron/console/announce.ts'))
  const asNobody = () => spawnSync(process.execPath, ['--input-type=module', '-e', `const { seekGate } = await import(${module}); console.log((await seekGate(${JSON.stringify(folder)})).kind)`], { uid: 65534, gid: 65534, cwd: '/', encoding: 'utf8' }).stdout.trim()
  expect(asNobody()).toBe('denied')
  chmodSync(join(folder, 'gate.json'), 0o644)
  // Readable, and its process is another account's: alive all the same.
  expect(asNobody()).toBe('found')
  chmodSync(folder, 0o700)
  expect(asNobody()).toBe('denied')
})
