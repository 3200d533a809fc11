/** The desktop's small rules: when quitting asks, how soon a dead page comes back, which folder, autostart, preferences. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { autostartEntry, loginItem } from '../../../electron/shell/login.ts'
import { desktopPlace, serviceFolder } from '../../../electron/shell/place.ts'
import { openPreferences } from '../../../electron/shell/preferences.ts'
import { quitDecision } from '../../../electron/shell/quit.ts'
import { pauseBeforeReload, recentDeaths } from '../../../electron/shell/revive.ts'

const folder = mkdtempSync(join(tmpdir(), 'porch-shell-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  [{ ownGate: true, transactions: 0, forced: false }, { kind: 'quit' }],
  [{ ownGate: true, transactions: 3, forced: false }, { kind: 'ask', transactions: 3 }],
  [{ ownGate: true, transactions: 3, forced: true }, { kind: 'finish' }],
  [{ ownGate: false, transactions: 3, forced: false }, { kind: 'quit' }],
])('quitting with %j', (now, decision) => expect(quitDecision(now)).toEqual(decision))

test('a page that dies again and again is loaded ever later, one that lived at once', () => {
  const minute = 60_000
  const dying = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => at * 1000)
  expect(dying.map((_, index) => pauseBeforeReload(dying.slice(0, index + 1)))).toEqual([0, 1000, 5000, 15_000, 60_000, 60_000, 60_000, 60_000])
  expect(pauseBeforeReload([0, 1000, 10 * minute])).toBe(0)
  expect(recentDeaths(dying, 10 * minute)).toEqual([])
})

describe('the place', () => {
  const own = desktopPlace([], null).dataDir
  test.each([
    [[], null, own, own, false],
    [[], '/var/lib/porch', '/var/lib/porch', own, false],
    [['--data', '/x/data'], '/var/lib/porch', resolve('/x/data'), resolve('/x/data'), true],
    [['.', '--no-sandbox', '--data=/x/data', '--remote-debugging-port=0'], null, resolve('/x/data'), resolve('/x/data'), true],
  ])('%j beside the service %s', (argv, service, dataDir, home, named) => expect(desktopPlace(argv, service)).toMatchObject({ dataDir, home, named, configFile: undefined, hidden: false }))
  test('--hidden, --config', () => expect(desktopPlace(['--hidden', '--config', 'a.json'], null)).toMatchObject({ hidden: true, configFile: resolve('a.json') }))
  test('of an installed service, not of one that only left its data', () => {
    expect(serviceFolder('linux', {}, (path) => path === '/etc/systemd/system/porch.service')).toBe('/var/lib/porch')
    expect(serviceFolder('linux', {}, (path) => path === '/var/lib/porch')).toBeNull()
    expect(serviceFolder('darwin', {}, () => true)).toBeNull()
  })
})

test('an autostart entry quotes what the desktop would read as its own', () => {
  expect(autostartEntry(['/opt/My "Porch"/100%', '--data', '/home/a$b`c\\d', '--hidden']).split('\n')[4]).toBe('Exec="/opt/My \\\\"Porch\\\\"/100%%" "--data" "/home/a\\\\$b\\\\`c\\\\\\\\d" "--hidden"')
  expect(autostartEntry(['/x\nTerminal=true']).split('\n').filter((line) => line.startsWith('Terminal'))).toEqual(['Terminal=false'])
})

test('starting at sign-in: a file on Linux, the system’s own list on Windows; trouble is told', () => {
  const asked: unknown[] = []
  const app = { getLoginItemSettings: () => ({ openAtLogin: true }), setLoginItemSettings: (settings: unknown) => void asked.push(settings) }
  const windows = loginItem({ platform: 'win32', app, command: ['porch.exe', '--data', 'D:\\x'], configDir: folder })
  expect([windows.can, windows.on(), windows.set(true), asked]).toEqual([true, true, null, [{ openAtLogin: true, args: ['--data', 'D:\\x', '--hidden'] }]])
  const linux = loginItem({ platform: 'linux', app, command: ['/opt/porch'], configDir: join(folder, 'config') })
  expect([linux.on(), linux.set(true), linux.on(), linux.set(false), linux.on()]).toEqual([false, null, true, null, false])
  writeFileSync(join(folder, 'file'), '')
  expect(loginItem({ platform: 'linux', app, command: ['/opt/porch'], configDir: join(folder, 'file') }).set(true)).toMatch(/ENOTDIR|EEXIST/)
  expect(loginItem({ platform: 'freebsd', app, command: [], configDir: folder }).can).toBe(false)
})

describe('preferences', () => {
  const file = join(folder, 'desktop.json')
  const said: string[] = []
  const open = () => openPreferences(file, (text) => said.push(text))
  test('are the defaults without a file, and kept', () => {
    const preferences = open()
    expect(preferences.now()).toMatchObject({ closeExplained: false, notify: { canary: true, gate: true } })
    expect(preferences.change({ closeExplained: true, notify: { ...preferences.now().notify, bans: false } })).toBeNull()
    expect(open().now()).toMatchObject({ closeExplained: true, notify: { bans: false, canary: true } })
  })
  test.each(['', '{', 'null', '[]', '{"closeExplained":"yes"}', '{"notify":{"canary":1}}'])('that say %s are put aside, and the defaults hold', (text) => {
    writeFileSync(file, text)
    expect(open().now().closeExplained).toBe(false)
    expect(readFileSync(`${file}.torn`, 'utf8')).toBe(text)
    expect(said.at(-1)).toContain('the defaults hold')
  })
  test('of a later version keep what is known', () => {
    writeFileSync(file, '{"closeExplained":true,"later":1,"notify":{"canary":false}}')
    expect(open().now()).toMatchObject({ closeExplained: true, notify: { canary: false, backend: true } })
  })
  test('that cannot be kept hold all the same', () => {
    const preferences = openPreferences(join(folder, 'file/desktop.json'), () => undefined)
    expect(preferences.change({ closeExplained: true })).toMatch(/ENOTDIR|EEXIST/)
    expect(preferences.now().closeExplained).toBe(true)
  })
})
