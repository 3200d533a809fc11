/** The password for the submission server: sealed in the desktop, a file of mode 0600 headless; written, never told. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SafeStorage } from 'electron'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPasswordKeeper } from '../../../electron/notice/password.ts'
import { keyring } from '../../../electron/shell/keyring.ts'
import { safeStorage } from '../../fakes/electron.ts'

const SECRET = 'hunter2 ünd so'
let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'porch-password-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const headless = (passwordFile?: string) => createPasswordKeeper({ dataDir: dir, settings: () => ({ notices: { perContactDays: 7, perDay: 20, ...(passwordFile === undefined ? {} : { passwordFile }) } }), seal: null })
const desktop = (changes: object = {}, passwordFile?: string) => createPasswordKeeper({ dataDir: dir, settings: () => ({ notices: { perContactDays: 7, perDay: 20, ...(passwordFile === undefined ? {} : { passwordFile }) } }), seal: keyring({ ...safeStorage, ...changes } as unknown as SafeStorage) })
const everything = () => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => readFileSync(join(each.parentPath, each.name)).toString('latin1')).join('\n')

test('headless: a file of the data folder, for the gate alone', async () => {
  const keeper = headless()
  expect(keeper.state()).toEqual({ place: 'file', file: join(dir, 'notices', 'password'), kept: false, problem: null })
  expect(keeper.read()).toMatchObject({ ok: false, problem: expect.stringMatching(/there is no password: set it/) as string })
  expect(await keeper.set(SECRET)).toEqual({ ok: true })
  expect(keeper.read()).toEqual({ ok: true, password: SECRET })
  expect(statSync(join(dir, 'notices', 'password')).mode & 0o777).toBe(0o600)
  expect(statSync(join(dir, 'notices')).mode & 0o777).toBe(0o700)
  expect(JSON.stringify(keeper.state())).not.toContain('hunter2')
  await keeper.set('other')
  expect(keeper.read()).toEqual({ ok: true, password: 'other' })
  expect(readdirSync(join(dir, 'notices'))).toEqual(['password'])
  await keeper.set(null)
  expect([keeper.state().kept, existsSync(join(dir, 'notices', 'password'))]).toEqual([false, false])
})

test('headless with notices.passwordFile: that file; one that others can read is put right by writing it', async () => {
  const file = join(dir, 'own')
  writeFileSync(file, 'old\n')
  chmodSync(file, 0o644)
  const keeper = headless(file)
  expect(keeper.state()).toMatchObject({ place: 'file', file, kept: false, problem: expect.stringMatching(/can be read by others: chmod 600/) as string })
  expect(await keeper.set(SECRET)).toEqual({ ok: true })
  expect([statSync(file).mode & 0o777, keeper.state().kept]).toEqual([0o600, true])
})

test('desktop: sealed, and nothing in the open beside it', async () => {
  await headless().set('in the open')
  const keeper = desktop()
  expect(keeper.read()).toEqual({ ok: true, password: 'in the open' })
  expect(await keeper.set(SECRET)).toEqual({ ok: true })
  expect(keeper.state()).toEqual({ place: 'keyring', file: null, kept: true, problem: null })
  expect(keeper.read()).toEqual({ ok: true, password: SECRET })
  expect(everything()).not.toContain('hunter2')
  expect(everything()).not.toContain('in the open')
  expect(statSync(join(dir, 'notices', 'password.sealed')).mode & 0o777).toBe(0o600)
  expect(headless().read()).toMatchObject({ ok: false, problem: expect.stringMatching(/sealed by the desktop/) as string })
})

test.each([[{ isEncryptionAvailable: () => false }], [{ getSelectedStorageBackend: () => 'basic_text' }]])('a desktop without a keyring that keeps secrets: a file, and it says so (%#)', async (changes) => {
  const keeper = desktop(changes)
  expect(await keeper.set(SECRET)).toEqual({ ok: true })
  expect(keeper.state()).toMatchObject({ place: process.platform === 'linux' || 'isEncryptionAvailable' in changes ? 'file' : 'keyring', kept: true })
})

test('a keyring that opens it no more: one sentence, without what was in it', async () => {
  await desktop().set(SECRET)
  writeFileSync(join(dir, 'notices', 'password.sealed'), `spoilt ${SECRET}`)
  const read = desktop().read()
  expect(read).toMatchObject({ ok: false, problem: expect.stringMatching(/cannot be unsealed/) as string })
  expect(JSON.stringify(read)).not.toContain('hunter2')
})

test.each([[''], ['two\nlines'], ['nul\0'], ['x'.repeat(2000)]])('%j is no password, and is not told back', async (text) => {
  const outcome = await headless().set(text)
  expect(outcome).toMatchObject({ ok: false })
  expect(JSON.stringify(outcome)).not.toMatch(/two|nul|xxx/)
  expect(everything()).toBe('')
})

test('a folder that cannot be written: told, without the password', async () => {
  writeFileSync(join(dir, 'notices'), 'a file where a folder should be')
  const outcome = await headless().set(SECRET)
  expect(outcome).toMatchObject({ ok: false, problem: expect.stringMatching(/^The password could not be kept: E[A-Z]+\.$/) as string })
})
