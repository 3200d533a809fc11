// Settings in force: live changes, torn files, the temporary mode, the last good copy.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAlarms } from '../../electron/alarms.ts'
import { openSettings } from '../../electron/settings.ts'
import type { SettingsStore } from '../../electron/settings.ts'

let dir: string
let file: string
let now = 0
/** How far the wall clock has stepped. */
let stepped = 0
const clock = { now: () => now + stepped, monotonic: () => now }
let alarms = createAlarms(clock)
const opened: SettingsStore[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'porch-settings-'))
  file = join(dir, 'porch.json')
  now = Date.UTC(2026, 10, 23)
  stepped = 0
  alarms = createAlarms(clock)
})
afterEach(() => {
  for (const settings of opened.splice(0)) settings.close()
  rmSync(dir, { recursive: true })
})

function open(mayBeMissing = true) {
  const result = openSettings({ file, mayBeMissing, dataDir: dir, clock, alarms })
  if (result.ok) opened.push(result.value)
  return result
}
function opens(): SettingsStore {
  const result = open()
  if (!result.ok) throw new Error(result.problems.join('; '))
  return result.value
}
const write = (json: unknown) => writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json))

test('a missing default file is practice; a file that was named must exist', () => {
  expect(opens().current()).toMatchObject({ practice: true, listen: ['127.0.0.1:2525'] })
  expect(open(false)).toEqual({ ok: false, problems: [`${file}: no such settings file`] })
})

test('a wrong file at start is told, left as it is, and the last good copy is named', () => {
  write({ retentionDays: 30 })
  opens()
  write({ retentionDays: 'thirty' })
  const result = open()
  expect(result).toEqual({
    ok: false,
    problems: [`${file}: retentionDays: expected a whole number of days from 1 to 3650; found "thirty"`, `the last settings that worked are kept in ${join(dir, 'porch.last-good.json')}`],
  })
  expect(readFileSync(file, 'utf8')).toBe('{"retentionDays":"thirty"}')
  expect(readFileSync(join(dir, 'porch.last-good.json'), 'utf8')).toBe('{"retentionDays":30}')
})

test('a good change is taken over; a torn one and a deleted file leave the running settings and alarm', () => {
  write({ policy: { rules: 'standard' } })
  const settings = opens()
  const seen: string[] = []
  settings.onChange((next) => seen.push(next.policy.rules))
  write({ policy: { rules: 'lenient' } })
  settings.reload()
  expect(settings.current().policy.rules).toBe('lenient')
  write('{"policy": {"rules": "hou')
  settings.reload()
  expect(alarms.list()).toMatchObject([{ code: 'settings', severity: 'critical' }])
  unlinkSync(file)
  settings.reload()
  expect(settings.current().policy.rules).toBe('lenient')
  write({ policy: { rules: 'house' } })
  settings.reload()
  expect(alarms.list()).toEqual([])
  expect(seen).toEqual(['lenient', 'house'])
})

test('what only a restart applies keeps running as it was, and is told', () => {
  write({ backend: '127.0.0.1:2526', listen: ['127.0.0.1:2525'] })
  const settings = opens()
  write({ listen: ['127.0.0.1:2600'], domains: ['Shop.Example.'] })
  settings.reload()
  expect(settings.current()).toMatchObject({ backend: '127.0.0.1:2526', listen: ['127.0.0.1:2525'], practice: false, allDomains: ['shop.example'] })
  expect(alarms.list()).toMatchObject([{ code: 'settings-restart', text: 'Applied at the next start: listen, backend' }])
})

test('the file with more domains is read, relative to the settings, and its mistakes have a line', () => {
  writeFileSync(join(dir, 'domains.txt'), '# ours\nshop.example\n\n*.shop.example # all below\n')
  write({ domains: ['other.example'], domainsFile: 'domains.txt' })
  expect(opens().current().allDomains).toEqual(['other.example', 'shop.example', '*.shop.example'])
  writeFileSync(join(dir, 'domains.txt'), 'shop.example\nno domain\n')
  const result = open()
  expect(result.ok ? '' : result.problems[0]).toContain('domains.txt: line 2: expected a domain')
})

test('a mode for an hour returns by itself and survives a restart; a mode for good is written to the file, which keeps its other keys', async () => {
  write({ retentionDays: 30, policy: { mode: 'enforce', rules: 'standard' } })
  const settings = opens()
  await settings.setMode('observe', 3_600_000)
  expect(settings.mode()).toEqual({ mode: 'observe', until: now + 3_600_000 })
  expect(opens().mode().mode).toBe('observe')
  now += 3_600_000
  expect(settings.mode()).toEqual({ mode: 'enforce', until: null })
  await settings.setMode('observe', 3_600_000)
  await settings.setMode('grace', null)
  expect(settings.mode()).toEqual({ mode: 'grace', until: null })
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ retentionDays: 30, policy: { mode: 'grace', rules: 'standard' } })
})

test('the mode that holds for good does not return to itself: nothing counts down, and a temporary one is over', async () => {
  write({ policy: { mode: 'observe' } })
  const settings = opens()
  expect(await settings.setMode('observe', 3_600_000)).toBe(false)
  expect(settings.mode()).toEqual({ mode: 'observe', until: null })
  expect(await settings.setMode('enforce', 3_600_000)).toBe(true)
  await settings.setMode('observe', 60_000)
  expect([settings.mode(), opens().mode()]).toEqual([{ mode: 'observe', until: null }, { mode: 'observe', until: null }])
})

test('a mode whose hour ended while no gate ran is over at the next start', async () => {
  write({ policy: { mode: 'enforce' } })
  await opens().setMode('observe', 3_600_000)
  now += 3_600_001
  expect(opens().mode()).toEqual({ mode: 'enforce', until: null })
})

test.each([['a day back', -86_400_000], ['a day ahead', 86_400_000], ['ten years ahead', 3653 * 86_400_000]])('the clock steps %s: a mode for an hour lasts an hour', async (_, step) => {
  write({ policy: { mode: 'enforce' } })
  const settings = opens()
  await settings.setMode('observe', 3_600_000)
  now += 600_000
  stepped = step
  expect(settings.mode()).toEqual({ mode: 'observe', until: now + step + 3_000_000 })
  now += 2_999_999
  expect(settings.mode().mode).toBe('observe')
  now += 1
  expect(settings.mode()).toEqual({ mode: 'enforce', until: null })
})

test('the clock was set back while no gate ran: a mode for an hour lasts no longer than an hour from then', async () => {
  write({ policy: { mode: 'enforce' } })
  await opens().setMode('observe', 3_600_000)
  stepped = -86_400_000
  const settings = opens()
  expect(settings.mode().mode).toBe('observe')
  now += 3_600_000
  expect(settings.mode().mode).toBe('enforce')
})

test('when a mode for a while is over, those who go by it hear of it', async () => {
  write({ policy: { mode: 'enforce' } })
  const settings = opens()
  await settings.setMode('observe', 1000)
  const heard = new Promise<string>((resolve) => {
    settings.onChange(() => { resolve(settings.mode().mode) })
  })
  now += 1000
  expect(await heard).toBe('enforce')
})

test('a mode cannot be written into a torn file, and the file stays', async () => {
  const settings = opens()
  write('{ torn')
  await expect(settings.setMode('observe', null)).rejects.toThrow('not valid JSON')
  expect(readFileSync(file, 'utf8')).toBe('{ torn')
})

test('a copy of good settings that could not be kept is told, and kept as soon as the disk takes it', async () => {
  write({ retentionDays: 30 })
  const copy = join(dir, 'porch.last-good.json')
  mkdirSync(copy)
  const result = openSettings({ file, mayBeMissing: true, dataDir: dir, clock, alarms, copyRetryMs: 10 })
  if (result.ok) opened.push(result.value)
  expect(alarms.list()).toMatchObject([{ code: 'settings-copy', severity: 'warning' }])
  rmSync(copy, { recursive: true })
  await vi.waitFor(() => expect(alarms.list()).toEqual([]))
  expect(readFileSync(copy, 'utf8')).toBe('{"retentionDays":30}')
})

test('a help page on a free port is linked by that port, also after a change; the same settings are the same object', () => {
  write({ helpPage: { listen: '127.0.0.1:0' } })
  const settings = opens()
  expect(settings.current().helpPage?.url).toBe('http://127.0.0.1:0')
  settings.helpListens('http://127.0.0.1:8099')
  expect(settings.current().helpPage?.url).toBe('http://127.0.0.1:8099')
  expect(settings.current()).toBe(settings.current())
  write({ helpPage: { listen: '127.0.0.1:0' }, retentionDays: 30 })
  settings.reload()
  expect(settings.current()).toMatchObject({ retentionDays: 30, helpPage: { url: 'http://127.0.0.1:8099' } })
})
