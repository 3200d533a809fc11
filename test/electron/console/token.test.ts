/** The token in the data folder and gate.json: private, kept, never half written, and gone when it should be. */
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { systemClock } from '../../../electron/clock.ts'
import { announce, findGate, stayAnnounced, withdraw } from '../../../electron/console/announce.ts'
import { keptToken, newToken, sameToken } from '../../../electron/console/token.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porch-token-'))
})
afterEach(() => rm(folder, { recursive: true }))

const modeOf = async (name: string) => (await stat(join(folder, name))).mode & 0o777

describe('the token', () => {
  test('has 256 random bits, is private, and outlives a restart', async () => {
    const token = await keptToken(folder)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await modeOf('console.token')).toBe(0o600)
    expect(await keptToken(folder)).toBe(token)
    expect(await readdir(folder)).toEqual(['console.token'])
  })

  test('is made anew when the file is gone, torn, or was readable by others', async () => {
    const first = await keptToken(folder)
    await rm(join(folder, 'console.token'))
    const second = await keptToken(folder)
    await writeFile(join(folder, 'console.token'), second.slice(0, 20))
    const third = await keptToken(folder)
    await chmod(join(folder, 'console.token'), 0o644)
    const fourth = await keptToken(folder)
    expect(new Set([first, second, third, fourth]).size).toBe(4)
    expect(await modeOf('console.token')).toBe(0o600)
  })

  test('is compared whole', () => {
    const token = newToken()
    expect([sameToken(token, token), sameToken(token, token.slice(1)), sameToken(token, ''), sameToken(token, `${token}=`)]).toEqual([true, false, false, false])
  })
})

describe('gate.json', () => {
  const mine = { pid: process.pid, url: 'http://127.0.0.1:8525', token: 'secret' }
  test('is private and found while the gate runs', async () => {
    await announce(folder, mine)
    expect(await modeOf('gate.json')).toBe(0o600)
    expect(await findGate(folder)).toEqual(mine)
    await withdraw(folder, process.pid)
    expect(await readdir(folder)).toEqual([])
    expect(await findGate(folder)).toBeNull()
  })

  test('of a killed gate, or torn, is no gate', async () => {
    await announce(folder, { ...mine, pid: 2 ** 22 + 1 })
    expect(await findGate(folder)).toBeNull()
    await writeFile(join(folder, 'gate.json'), '{"pid":')
    expect(await findGate(folder)).toBeNull()
  })

  test('cannot be written: an alarm tells, and it is there as soon as the disk takes it', async () => {
    const alarms = createAlarms(systemClock)
    const later = join(folder, 'later')
    const withdrawn = await stayAnnounced(later, mine, alarms, { retryMs: 10 })
    expect(alarms.list()).toMatchObject([{ code: 'announce', severity: 'warning', text: expect.stringContaining('ENOENT') as string }])
    await mkdir(later)
    await vi.waitFor(async () => expect(await findGate(later)).toEqual(mine))
    await vi.waitFor(() => expect(alarms.list()).toEqual([]))
    await withdrawn()
    expect(await findGate(later)).toBeNull()
  })

  test('of another gate is left alone', async () => {
    await announce(folder, { ...mine, pid: process.ppid })
    await withdraw(folder, process.pid)
    expect(await readdir(folder)).toEqual(['gate.json'])
  })
})
