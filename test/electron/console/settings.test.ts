/** The settings file through the console's API: what it shows, refuses, writes and applies; torn, missing, changed meanwhile, not writable. */
import { chmodSync, existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { checkInput, saveInput, viewSettings } from '../../../electron/console/settings.ts'
import { settingsFile } from '../../fakes/settingsfile.ts'
import type { SettingsFile } from '../../fakes/settingsfile.ts'

const opened: SettingsFile[] = []
afterEach(() => opened.splice(0).forEach((one) => one.close()))
function having(...args: Parameters<typeof settingsFile>): SettingsFile {
  const one = settingsFile(...args)
  opened.push(one)
  return one
}
const onDisk = ({ file }: SettingsFile) => JSON.parse(readFileSync(file, 'utf8')) as unknown

describe('what is shown', () => {
  test('the file as written, what is in force, the defaults of this machine', async () => {
    const { deps, file } = having({ retentionDays: 30, policy: { mode: 'observe' }, backend: '127.0.0.1:2526' })
    const view = await viewSettings(deps)
    expect(view).toMatchObject({ file, named: false, input: { retentionDays: 30, policy: { mode: 'observe' } }, problems: [], lastGood: { input: { retentionDays: 30 } }, waiting: [] })
    expect(view.settings).toMatchObject({ retentionDays: 30, practice: false, policy: { mode: 'observe', rules: 'house' } })
    expect(view.defaults).toMatchObject({ retentionDays: 90, listen: ['0.0.0.0:25', '[::]:25'], policy: { mode: 'enforce' } })
    expect(view.defaults.policy.exempt).toContain('10.0.0.0/8')
  })

  test('the defaults are told also where a mail server on port 25 goes with the listening address that is set', async () => {
    const view = await viewSettings(having({ retentionDays: 30, listen: ['127.0.0.2:25'], backend: '127.0.0.1:25' }).deps)
    expect(view).toMatchObject({ problems: [], defaults: { retentionDays: 90, listen: ['0.0.0.0:25', '[::]:25'] } })
  })

  test('a missing default file is an empty one (practice)', async () => {
    const view = await viewSettings(having().deps)
    expect(view).toMatchObject({ named: false, revision: 'none', input: {}, problems: [], lastGood: null, settings: { practice: true } })
    expect(view.defaults.listen).toEqual(['127.0.0.1:2525'])
  })

  test('a torn file: why, what runs, and the last good copy', async () => {
    const one = having({ retentionDays: 30 })
    one.write('{"retentionDays": 30, "pol')
    one.settings.reload()
    expect(await viewSettings(one.deps)).toMatchObject({
      input: null, running: { retentionDays: 30 }, lastGood: { file: join(one.dir, 'porch.last-good.json'), input: { retentionDays: 30 } },
      problems: [{ path: '', message: expect.stringContaining('not valid JSON') as string }],
    })
    one.write('[1]')
    expect(await viewSettings(one.deps)).toMatchObject({ input: null, problems: [{ path: '', message: 'expected an object with settings' }] })
  })

  test('a wrong file: its problems at their keys', async () => {
    const one = having({ retentionDays: 30 })
    one.write({ retentionDays: 0, listne: 1, domainsFile: 'gone.txt' })
    expect((await viewSettings(one.deps)).problems.map(({ path }) => path).sort()).toEqual(['listne', 'retentionDays'])
    one.write({ domainsFile: 'gone.txt' })
    expect((await viewSettings(one.deps)).problems).toEqual([{ path: 'domainsFile', message: expect.stringContaining('gone.txt: no such file') as string }])
  })

  test('a named file that is gone says so', async () => {
    const one = having({ retentionDays: 30 }, { named: true })
    unlinkSync(one.file)
    expect(await viewSettings(one.deps)).toMatchObject({ named: true, revision: 'none', problems: [{ path: '', message: 'there is no such file' }], running: { retentionDays: 30 } })
  })

  test('no secret: a password that was written in by mistake is masked, the password file is a name only', async () => {
    const one = having({ notices: { passwordFile: 'pass.txt' } })
    writeFileSync(join(one.dir, 'pass.txt'), 'hunter2-in-the-file')
    one.write({ notices: { passwordFile: 'pass.txt', password: 'hunter2-in-the-settings' }, token: 'hunter2-token' })
    const told = JSON.stringify(await viewSettings(one.deps))
    expect(told).not.toContain('hunter2')
    expect(told).toContain('pass.txt')
    // The parser would quote the place.
    one.write('{"password": hunter2}')
    expect(JSON.stringify(await viewSettings(one.deps))).not.toContain('hunter')
    one.settings.reload()
    expect(JSON.stringify(one.alarms.list())).not.toContain('hunter')
  })
})

describe('check', () => {
  test('problems at their keys, and what would change, now or at the next start', () => {
    const { deps } = having({ retentionDays: 30 })
    expect(checkInput(deps, { retentionDays: 30 })).toEqual({ problems: [], warnings: [], changes: [] })
    expect(checkInput(deps, { retentionDays: 0, bans: { strikes: 'ten' }, what: 1 }).problems.map(({ path }) => path).sort()).toEqual(['bans.strikes', 'retentionDays', 'what'])
    expect(checkInput(deps, { backend: '127.0.0.1:2526' }).changes).toEqual([
      { key: 'backend', after: '127.0.0.1:2526', applies: 'start' }, { key: 'retentionDays', before: 30, applies: 'now' },
    ])
  })

  test('what would not work yet is a warning', () => {
    const { deps } = having()
    const { problems, warnings } = checkInput(deps, { tls: { cert: 'none.pem', key: 'none.key' }, notices: { smtp: '127.0.0.1:587', user: 'porch' } })
    expect([problems, warnings.map(({ path }) => path).sort()]).toEqual([[], ['notices.from', 'notices.passwordFile', 'shop.adminEmail', 'tls.cert', 'tls.key']])
    expect(checkInput(deps, { notices: { rdap: 'https://rdap.example/' } })).toMatchObject({ problems: [], warnings: [] })
  })

  test('a console that others can reach is a warning', () => {
    expect(checkInput(having().deps, { console: '0.0.0.0:9625' })).toMatchObject({ problems: [], warnings: [{ path: 'console', message: expect.stringContaining('not encrypted') as string }] })
  })

  test('against a torn file the comparison is with what runs', () => {
    const one = having({ retentionDays: 30 })
    one.write('{')
    expect(checkInput(one.deps, { retentionDays: 30 }).changes).toEqual([])
  })
})

describe('save', () => {
  test('the same file, keys and order kept, in force at once, and undone by saving what was there', async () => {
    const one = having('{"retentionDays":30,\n "policy": {"mode":"observe", "rules":"standard"}}')
    const { revision } = await viewSettings(one.deps)
    const saved = await saveInput(one.deps, { retentionDays: 31, policy: { mode: 'observe', rules: 'lenient' } }, revision)
    expect(saved).toMatchObject({ ok: true, changes: [{ key: 'policy.rules', before: 'standard', after: 'lenient' }, { key: 'retentionDays' }] })
    expect(readFileSync(one.file, 'utf8')).toBe('{\n  "retentionDays": 31,\n  "policy": {\n    "mode": "observe",\n    "rules": "lenient"\n  }\n}\n')
    expect(one.settings.current()).toMatchObject({ retentionDays: 31, policy: { rules: 'lenient' } })
    if (!saved.ok) throw new Error(saved.problem)
    expect(await saveInput(one.deps, saved.before, saved.revision)).toMatchObject({ ok: true })
    expect(one.settings.current()).toMatchObject({ retentionDays: 30, policy: { rules: 'standard' } })
  })

  test('what waits for the next start is told, and does not half apply', async () => {
    const one = having()
    const saved = await saveInput(one.deps, { backend: '127.0.0.1:2526', listen: ['127.0.0.1:2600'], retentionDays: 31 }, 'none')
    expect(saved.ok).toBe(true)
    expect((await viewSettings(one.deps)).waiting).toEqual(['listen', 'backend'])
    // Whom live mode exempts is not exempt before it.
    expect(one.settings.current()).toMatchObject({ practice: true, retentionDays: 31, listen: ['127.0.0.1:2525'], policy: { exempt: [] }, dns: { canary: [] } })
    expect((await viewSettings(one.deps)).running).toEqual({ retentionDays: 31 })
    expect(one.alarms.list()).toMatchObject([{ code: 'settings-restart' }])
  })

  test('refused when the file changed meanwhile; both of two at once cannot win', async () => {
    const one = having({ retentionDays: 30 })
    const { revision } = await viewSettings(one.deps)
    one.write({ retentionDays: 40 })
    expect(await saveInput(one.deps, { retentionDays: 31 }, revision)).toMatchObject({ ok: false, changed: true, problem: expect.stringContaining('changed meanwhile') as string })
    expect(onDisk(one)).toEqual({ retentionDays: 40 })
    const now = (await viewSettings(one.deps)).revision
    const both = await Promise.all([saveInput(one.deps, { retentionDays: 1 }, now), saveInput(one.deps, { retentionDays: 2 }, now)])
    expect(both.map(({ ok }) => ok)).toEqual([true, false])
    expect(onDisk(one)).toEqual({ retentionDays: 1 })
  })

  test('refused when wrong, with the problems; the file stays', async () => {
    const one = having({ retentionDays: 30 })
    const { revision } = await viewSettings(one.deps)
    for (const input of [{ retentionDays: 0 }, { what: 1 }, { listen: ['0.0.0.0:25'] }, { domainsFile: 'gone.txt' }, { tls: { cert: 'a' } }]) {
      const saved = await saveInput(one.deps, input, revision)
      expect(saved).toMatchObject({ ok: false, changed: false })
      expect(saved.ok ? [] : saved.problems).toHaveLength(1)
    }
    expect(onDisk(one)).toEqual({ retentionDays: 30 })
  })

  test('a torn file and a missing one can be put right from here', async () => {
    const one = having({ retentionDays: 30 }, { named: true })
    one.write('{ torn')
    one.settings.reload()
    expect(one.alarms.list()).toMatchObject([{ code: 'settings' }])
    const torn = await viewSettings(one.deps)
    expect(await saveInput(one.deps, torn.lastGood!.input, torn.revision)).toMatchObject({ ok: true })
    expect([onDisk(one), one.alarms.list()]).toEqual([{ retentionDays: 30 }, []])
    unlinkSync(one.file)
    expect(await saveInput(one.deps, { retentionDays: 32 }, 'none')).toMatchObject({ ok: true })
    expect([onDisk(one), one.settings.current().retentionDays]).toEqual([{ retentionDays: 32 }, 32])
  })

  test('a file that cannot be written is a problem in words, and nothing changes', async () => {
    // The longest name there can be leaves none for the copy that is written first.
    const one = having({ retentionDays: 30 }, { name: `${'p'.repeat(250)}.json` })
    const saved = await saveInput(one.deps, { retentionDays: 31 }, (await viewSettings(one.deps)).revision)
    expect(saved).toMatchObject({ ok: false, problem: expect.stringMatching(/Nothing was saved\. .*cannot be written: ENAMETOOLONG/) as string })
    expect([onDisk(one), one.settings.current().retentionDays]).toEqual([{ retentionDays: 30 }, 30])
  })

  test('who may read the file stays as it was; a new one is the owner’s alone', async () => {
    const one = having({})
    chmodSync(one.file, 0o640)
    await saveInput(one.deps, { retentionDays: 31 }, (await viewSettings(one.deps)).revision)
    expect(statSync(one.file).mode & 0o777).toBe(0o640)
    const other = having()
    await saveInput(other.deps, { retentionDays: 31 }, 'none')
    expect([existsSync(other.file), statSync(other.file).mode & 0o777]).toEqual([true, 0o600])
  })

  test('a mode that is saved ends a temporary one', async () => {
    const one = having({})
    await one.settings.setMode('observe', 3_600_000)
    await saveInput(one.deps, { retentionDays: 31 }, (await viewSettings(one.deps)).revision)
    expect(one.settings.mode().mode).toBe('observe')
    await saveInput(one.deps, { retentionDays: 31, policy: { mode: 'grace' } }, (await viewSettings(one.deps)).revision)
    expect(one.settings.mode()).toEqual({ mode: 'grace', until: null })
  })
})
