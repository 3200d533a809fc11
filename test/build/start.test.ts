/** What npm start decides: window, browser or neither; and that fetching the runtime ends within its seconds and says why. */
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { browserCommand, consoleAddress, electronBinary, fetchRuntime, noBrowser, noWindow } from '../../build/desktop.mjs'

const folder = mkdtempSync(join(tmpdir(), 'porch-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  [{}, 'linux', 1000, 'there is no display here'],
  [{ DISPLAY: ':0' }, 'linux', 1000, null],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 1000, null],
  [{ DISPLAY: ':0' }, 'linux', 0, 'a window is not opened as root, where Chromium’s sandbox does not work'],
  [{}, 'win32', undefined, null],
])('a window with %j on %s as %s', (env, platform, uid, why) => expect(noWindow(env, platform, uid)).toBe(why))

test.each([
  [{ DISPLAY: ':0' }, 'linux', 1000, [], null],
  [{ DISPLAY: ':0' }, 'linux', 0, [], 'not as root'],
  [{ DISPLAY: ':0', CI: 'true' }, 'linux', 1000, [], 'this is CI'],
  [{ DISPLAY: ':0' }, 'linux', 1000, ['--no-open'], 'as asked'],
  [{ DISPLAY: ':0', PORCH_NO_OPEN: '1' }, 'linux', 1000, [], 'as asked'],
  [{}, 'linux', 1000, [], 'there is no display'],
  [{}, 'win32', undefined, [], null],
])('a browser with %j on %s as %s', (env, platform, uid, args, why) => expect(noBrowser(env, platform, uid, args)).toBe(why))

test('the address is read from what is printed, whole lines only', () => {
  const said = 'Porch 0.1.0 listens\nconsole: http://127.0.0.1:8525/?token=abc\ndata:    /x\n'
  expect(consoleAddress(said)).toBe('http://127.0.0.1:8525/?token=abc')
  expect(consoleAddress('mail to: console: nothing\n')).toBeNull()
  expect(browserCommand('http://127.0.0.1/?a&b', 'linux')).toEqual(['xdg-open', 'http://127.0.0.1/?a&b'])
  // No shell that would read the ampersand.
  expect(browserCommand('http://127.0.0.1/?a&b', 'win32')[0]).toBe('rundll32')
})

describe('the runtime', () => {
  const dist = join(folder, 'node_modules/electron/dist')
  beforeEach(() => {
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
    mkdirSync(dist, { recursive: true })
  })
  const installer = (text: string) => writeFileSync(join(folder, 'node_modules/electron/install.js'), text)
  const fetching = async (args: readonly string[] = [], env: Record<string, string> = {}, seconds = 20) => {
    const said: string[] = []
    const got = await fetchRuntime({ root: folder, env: { ...process.env, PORCH_NO_FETCH: '', ELECTRON_SKIP_BINARY_DOWNLOAD: '', ...env }, node: process.execPath, args, say: (text: string) => said.push(text), seconds })
    return { got, said }
  }

  test('counts only whole: program and version', () => {
    expect(electronBinary(folder, {}, 'linux')).toBeNull()
    writeFileSync(join(dist, 'electron'), '')
    expect(electronBinary(folder, {}, 'linux')).toBeNull()
    writeFileSync(join(dist, 'version'), '45.4.1')
    expect(electronBinary(folder, {}, 'linux')).toBe(join(dist, 'electron'))
    expect(electronBinary('/nowhere', { ELECTRON_OVERRIDE_DIST_PATH: dist }, 'linux')).toBe(join(dist, 'electron'))
  })

  test('is fetched', async () => {
    installer(`const { writeFileSync } = require('node:fs'); for (const name of ['electron', 'version']) writeFileSync(__dirname + '/dist/' + name, 'x')`)
    expect((await fetching()).got).toBe(true)
  })

  test('from a server that never answers is given up in time, with the reason, and not tried again at the next start', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    installer(`require('node:http').get('http://127.0.0.1:${(silent.address() as AddressInfo).port}/')`)
    const first = await fetching([], {}, 1)
    silent.close()
    expect([first.got, first.said.at(-1)]).toEqual([false, expect.stringContaining('it took longer than 1 seconds')])
    const second = await fetching()
    expect([second.got, second.said]).toEqual([false, [expect.stringContaining('could not be fetched lately')]])
    installer('process.exit(3)')
    expect((await fetching(['--fetch'])).said.at(-1)).toContain('it could not be fetched: exit code 3')
  })

  test('that fails says why in one line, and is not fetched where that is not wanted', async () => {
    installer(`throw new Error('getaddrinfo ENOTFOUND github.com')`)
    const failed = await fetching()
    expect(failed.said.at(-1)).toMatch(/^it could not be fetched: .*getaddrinfo ENOTFOUND github\.com.*ELECTRON_OVERRIDE_DIST_PATH$/)
    expect(existsSync(join(folder, 'node_modules/.porch-no-runtime'))).toBe(true)
    expect(await fetching(['--no-fetch'])).toEqual({ got: false, said: [] })
    expect(await fetching([], { PORCH_NO_FETCH: '1' })).toEqual({ got: false, said: [] })
  })
})
