/** Each command without a gate: what it prints, and its exit code (CONTRACT). */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { systemClock } from '../../../electron/clock.ts'
import { Failure } from '../../../electron/cli/failure.ts'
import { run } from '../../../electron/cli/program.ts'
import { servicePlace } from '../../../electron/service/place.ts'
import { createStore } from '../../../electron/store/store.ts'
import { CAST } from '../../contract/storecast.ts'
import { dataFolder, exitOf, MAIN, porch, start } from './porch.ts'

// Each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 90_000 })

const SERVICE = servicePlace(process.platform, process.env).dataDir

let folder: ReturnType<typeof dataFolder>
const at = (...args: string[]) => porch('--data', folder.dir, ...args)
/** What a change says where no gate runs; a gate elsewhere on this machine may be named after it. */
const noGate = (dir: string) => expect.stringMatching(new RegExp(`^porch: no gate runs on ${dir}: nothing changes now, it holds from the next start there(; [^\n]+)?\n$`)) as string
const noFolder = (dir: string) => expect.stringMatching(new RegExp(`^porch: there is no data folder ${dir}(; [^\n]+)?\n$`)) as string

beforeEach(() => {
  folder = dataFolder()
})
afterEach(() => folder.remove())

describe('what was typed wrong: exit 2 and one line', () => {
  test.each<[string[], string]>([
    [['frob'], "unknown command 'frob'; porch --help tells more"],
    [['rules', '--frob'], "unknown option '--frob'; porch --help tells more"],
    [['fr\u202eob\n'], "unknown command 'fr\\u{202e}ob '; porch --help tells more"],
    [['ban'], "missing required argument 'scope'; porch --help tells more"],
    [['config'], 'a command is missing; porch --help lists them'],
    [['ban', '192.0.2.17/28'], '"192.0.2.17/28": has host bits set; the network is 192.0.2.16/28'],
    [['ban', '.outlook.com'], '".outlook.com": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24'],
    [['ban', '192.0.2.1', '--for', 'x'], '--for "x": expected a duration, such as 30s, 2h or 4d, or ever'],
    [['unban', 'x'], '"x": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24'],
    [['disallow', 'x'], '"x": expected a full name, such as mail.acme.example, or .acme.example for the names below it'],
    [['mode', 'strict'], '"strict": expected one of observe, enforce, grace'],
    [['mode', 'observe', '--for', '0s'], '--for "0s": expected a duration from 1s to 100 years, or ever'],
    [['sessions', '--client', '192.0.2.1/24'], '--client "192.0.2.1/24": expected an address or a network with no host bits set, such as 192.0.2.1 or 192.0.2.0/24'],
    [['sessions', '--since', 'yesterday'], '--since "yesterday": expected a time, such as 2026-11-23T15:00:00Z or 2026-11-23'],
    [['log', '--limit', '0'], '--limit "0": expected a number from 1 to 100000'],
    [['log', '--disposition', 'bad'], '--disposition "bad": expected one of banned, limited, rejected, deferred, bounced-by-backend, whitelisted, exempt, would-reject, would-defer, accepted, aborted'],
    [['check', '192.0.2', 'mail.example'], '"192.0.2" is not an address; expected one such as 192.0.2.1 or 2001:db8::1'],
    [['check', '192.0.2.1', 'a', 'b'], 'check takes an address and a name; unexpected "b"; porch check --help tells more'],
    [['check', '192.0.2.1', 'a', '--config', '/no/such'], '/no/such: no such settings file'],
    [['help', 'foo'], "unknown command 'foo'; porch --help tells more"],
    [['help', 'rules', 'foo'], "unknown command 'rules foo'; porch --help tells more"],
    [['rules', 'foo'], "unknown command 'rules foo'; porch --help tells more"],
    [['rules', 'export', 'foo'], "too many arguments for 'export'. Expected 0 arguments but got 1: foo; porch --help tells more"],
    [['service', 'status', '--data', '/no/such/folder'], `the service keeps settings and data in ${SERVICE}; leave --data and --config out`],
    [['service', 'install', '--data', '/no/such/folder'], `the service keeps settings and data in ${SERVICE}; --take-data DIR begins with a copy of another folder`],
    [['rules', 'import'], "missing required argument 'file'; porch --help tells more"],
    [['rules', 'import', '/no/such'], "/no/such: cannot be read: ENOENT: no such file or directory, stat '/no/such'"],
    [['rules', 'export', '--format', 'xml'], '--format xml: expected csv, plain, nftables or fail2ban'],
    [['rules', 'export', '--kind', 'all'], '--kind all: expected ban or allow'],
    [['whatif'], '--rules is missing; expected one of house, standard, lenient'],
    [['whatif', '--rules', 'strict'], '--rules "strict": expected one of house, standard, lenient'],
    [['whatif', '--rules', 'house', '--days', '0'], '--days "0": expected a whole number of days from 1 to 3650'],
    [['doctor', '--anything'], "unknown option '--anything'; porch --help tells more"],
  ])('%j', async (args, problem) => {
    // In this process: twenty of them would only measure how fast Node starts.
    await expect(run(['--data', folder.dir, ...args])).rejects.toMatchObject({ constructor: Failure, message: problem, exitCode: 2 })
  })

  test('as a script sees it', async () => {
    expect(await at('ban', '192.0.2.17/28')).toEqual({ code: 2, out: '', err: 'porch: "192.0.2.17/28": has host bits set; the network is 192.0.2.16/28\n' })
    expect(await at('frob', '--json')).toEqual({ code: 2, out: '', err: "porch: unknown command 'frob'; porch --help tells more\n" })
  })
})

test('help teaches, anywhere', async () => {
  for (const args of [['--help'], ['help', 'ban'], ['ban', '--help'], ['config', 'check', '--help'], ['--json', 'sessions', '-h'], []]) {
    const { code, out, err } = await porch(...args)
    expect([args, code, err, out.includes('Usage: porch'), out.includes('Examples:')]).toEqual([args, 0, '', true, true])
  }
})

test('help of a command below another', async () => {
  for (const [args, usage] of [[['help', 'rules', 'import'], 'Usage: porch rules import'], [['rules', 'help', 'import'], 'Usage: porch rules import'], [['help', 'rules'], 'Usage: porch rules '], [['help'], 'Usage: porch ']] as const) {
    const { code, out, err } = await porch(...args)
    expect([args, code, err, out.startsWith(usage)]).toEqual([args, 0, '', true])
  }
})

test('rules: added, replaced, listed, removed; flags before and after the command', async () => {
  expect(await porch('ban', '--data', folder.dir, '2001:DB8::1', '--reason', 'retries \u202e all day')).toMatchObject({ code: 0, err: noGate(folder.dir), out: expect.stringMatching(/^2001:db8::\/64 is banned until \d{4}-\d\d-\d\d [\d:]{8}\n$/) as string })
  expect(await at('ban', '192.0.2.0/24', '--for', 'ever')).toEqual({ code: 0, err: noGate(folder.dir), out: '192.0.2.0/24 is banned for good\n' })
  expect(await at('allow', '*.Outlook.com', '--json')).toMatchObject({ code: 0, err: noGate(folder.dir) })
  expect(await at('allow', '192.0.2.1/32', '--for', '30d')).toMatchObject({ code: 0, err: noGate(folder.dir) })
  const listed = await porch('rules', '--json', '--data', folder.dir)
  const rules = listed.out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>)
  expect(rules.map((rule) => `${rule.kind} ${rule.scope}`)).toEqual(['allow 192.0.2.1', 'allow .outlook.com', 'ban 192.0.2.0/24', 'ban 2001:db8::/64'])
  expect(Object.keys(rules[0]!)).toEqual(['kind', 'scope', 'reason', 'by', 'since', 'until', 'hits'])
  expect(rules[3]).toEqual({ kind: 'ban', scope: '2001:db8::/64', reason: 'retries \u202e all day', by: 'admin', since: rules[3]!.since, until: new Date(Date.parse(rules[3]!.since!) + 4 * 86_400_000).toISOString(), hits: 0 })
  expect((await at('rules')).out).toContain('retries \\u{202e} all day')

  expect(await at('unban', '192.0.2.7')).toEqual({ code: 1, out: '', err: 'porch: there is no ban of 192.0.2.7 itself, but it lies inside 192.0.2.0/24: unban 192.0.2.0/24, or allow 192.0.2.7 as an exception\n' })
  expect(await at('unban', '198.51.100.1')).toEqual({ code: 1, out: '', err: 'porch: there is no ban of 198.51.100.1\n' })
  expect(await at('unban', '2001:db8::99')).toEqual({ code: 0, out: '2001:db8::/64 is no longer banned\n', err: noGate(folder.dir) })
  expect(await at('disallow', '.outlook.com')).toEqual({ code: 0, out: '.outlook.com is no longer allowed\n', err: noGate(folder.dir) })
  expect(await at('disallow', '.outlook.com')).toEqual({ code: 1, out: '', err: 'porch: there is no whitelist entry of .outlook.com\n' })
})

test('an empty place: something useful is said, and nothing is made', async () => {
  const nowhere = join(folder.dir, 'nowhere')
  const there = (...args: string[]) => porch(...args, '--data', nowhere)
  expect(await there('sessions')).toEqual({ code: 0, out: `no sessions yet in ${nowhere}\n`, err: noFolder(nowhere) })
  expect(await there('sessions', '--json')).toEqual({ code: 0, out: '', err: noFolder(nowhere) })
  expect(await there('log')).toMatchObject({ code: 0, out: '', err: expect.stringContaining(`porch: no sessions yet in ${nowhere}\n`) as string })
  expect(await there('rules')).toMatchObject({ code: 0, out: 'no rules yet: porch ban ADDRESS refuses a sender, porch allow ADDRESS lets one pass\n' })
  expect(await there('rules', '--json')).toEqual({ code: 0, out: '', err: noFolder(nowhere) })
  const missing = await there('unban', '192.0.2.1')
  expect([missing.code, missing.out, missing.err.split('\n').length]).toEqual([1, '', 2])
  expect(missing.err).toContain(`porch: there is no ban of 192.0.2.1; there is no data folder ${nowhere}`)
  expect(existsSync(nowhere)).toBe(false)
})

async function filled() {
  const store = await createStore({ dataDir: folder.dir, clock: systemClock, alarms: createAlarms(systemClock), retentionDays: () => 3650 })
  for (const entry of CAST) store.record(entry)
  await store.close()
}

test('sessions: newest first, JSON to the letter, filters, a table for people', async () => {
  await filled()
  const json = await at('sessions', '--json')
  expect(json.out.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(CAST.map((entry) => entry.session).reverse())
  const ids = async (...args: string[]) => (await at('sessions', '--json', ...args)).out.split('\n').slice(0, -1).map((line) => (JSON.parse(line) as { id: string }).id).join(' ')
  expect(await ids('--client', '192.0.2.0/24', '--rcpt', 'ANN@shop.example')).toBe('s3')
  expect(await ids('--name', 'acme.example', '--limit', '1')).toBe('s4')
  const { out } = await at('sessions', '--client', '192.0.2.0/24')
  const lines = out.split('\n')
  expect(lines[0]).toMatch(/^TIME +CLIENT +NAME +EHLO +FROM +TO +DISPOSITION +WHY$/)
  expect(lines[2]).toMatch(/^[\d-]{10} [\d:]{8} +192\.0\.2\.7 +claimed\.pool\.example \(claimed\) +\[192\.0\.2\.7\] +<> +ann@shop\.example +deferred +/)
  expect((await at('sessions', '--client', '203.0.113.1')).out).toBe('no session matches; try fewer filters\n')
})

test('notice: without a contact that one could trust, the way out is named', async () => {
  await filled()
  const { code, out, err } = await at('notice', '216.33.111.150')
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/^porch: No contact is known whom one could trust\..* To write to somebody you know: add --to MAIL\.\n$/)
})

test('a reader that goes away ends a command quietly', async () => {
  const child = start(['sessions', '--help'])
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  expect([await exitOf(child), err]).toEqual([0, ''])
})

test('log: oldest first, in the classic form, local time', async () => {
  await filled()
  const { out, code } = await at('log', '--limit', '5')
  const lines = out.trim().split('\n')
  expect(code).toBe(0)
  for (const line of lines) expect(line).toMatch(/^SMTP \d{1,2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [AF] s[1-5] [\x20-\x7e]+$/)
  const order = [...new Set(lines.map((line) => line.split(' ')[6]))]
  expect(order).toEqual(['s1', 's2', 's3', 's4', 's5'])
  expect(lines).toContainEqual(expect.stringContaining('F s1 EHLO rejected mail from www.americangreetings.com [216.33.111.150]'))
})

test('mode without a gate: for good in the settings file, for a while beside the data', async () => {
  expect(await at('mode', 'grace', '--for', '1h')).toEqual({ code: 0, out: 'the mode is grace for 1h\n', err: noGate(folder.dir) })
  expect(JSON.parse(readFileSync(join(folder.dir, 'mode.json'), 'utf8'))).toMatchObject({ mode: 'grace' })
  expect(await at('mode', 'observe')).toEqual({ code: 0, out: 'the mode is observe\n', err: noGate(folder.dir) })
  expect(JSON.parse(readFileSync(join(folder.dir, 'porch.json'), 'utf8'))).toMatchObject({ hostname: 'mx.shop.example', policy: { mode: 'observe' } })
  expect(await at('mode', 'observe', '--for', '1h')).toEqual({ code: 0, out: 'the mode is observe, for good: there is nothing that it would return to\n', err: noGate(folder.dir) })
  expect(existsSync(join(folder.dir, 'mode.json'))).toBe(false)
})

test('config check: one problem a line', async () => {
  const file = join(folder.dir, 'porch.json')
  expect(await at('config', 'check')).toEqual({ code: 0, out: `${file} is in order (practice: no backend is set)\n`, err: '' })
  writeFileSync(file, '{ "policy": { "mode": "strict" }, "frob": 1 }')
  const wrong = await at('config', 'check')
  expect([wrong.code, wrong.out]).toEqual([1, ''])
  expect(wrong.err.trim().split('\n').sort()).toEqual([
    expect.stringMatching(new RegExp(`^porch: ${file}: frob: unknown key`)),
    `porch: ${file}: policy.mode: expected one of "enforce", "observe", "grace"; found "strict"`,
  ])
  writeFileSync(file, '{ "console": "0.0.0.0:9625" }')
  expect(await at('config', 'check')).toMatchObject({ code: 0, err: expect.stringMatching(new RegExp(`^porch: warning: ${file}: console: "0.0.0.0:9625" can be reached from other machines.*\n$`)) as string })
  writeFileSync(file, '{')
  expect(await at('config', 'check')).toMatchObject({ code: 1, err: expect.stringMatching(/^porch: .*not valid JSON.*\n$/) as string })
  expect(await porch('config', 'check', '--config', join(folder.dir, 'none.json'))).toMatchObject({ code: 1, err: `porch: ${folder.dir}/none.json: no such settings file\n` })
})

test('backup: a database and the settings; a path that cannot be is exit 1', async () => {
  await filled()
  await at('ban', '192.0.2.1')
  const file = join(folder.dir, 'copy.sqlite')
  expect(await at('backup', file)).toEqual({ code: 0, err: '', out: `sessions and rules are in ${file}, the settings beside it in ${file}.settings.json\n` })
  const copy = new Sqlite(file, { readonly: true })
  expect(copy.prepare('SELECT (SELECT sum(sessions) FROM blocks) AS sessions, (SELECT count(*) FROM rules) AS rules').get()).toEqual({ sessions: 5, rules: 1 })
  copy.close()
  expect(readFileSync(`${file}.settings.json`)).toEqual(readFileSync(join(folder.dir, 'porch.json')))
  const failed = await at('backup', '/no/such/folder/copy')
  expect([failed.code, failed.out, failed.err.split('\n').length]).toEqual([1, '', 2])
  expect(readdirSync(folder.dir).filter((name) => name.includes('part'))).toEqual([])
})

test('backup: an older one is replaced; what is none is kept, whatever it is', async () => {
  await filled()
  const file = join(folder.dir, 'copy.sqlite')
  expect((await at('backup', file)).code).toBe(0)
  await at('ban', '192.0.2.1')
  expect((await at('backup', file)).code).toBe(0)
  const copy = new Sqlite(file, { readonly: true })
  expect(copy.prepare('SELECT count(*) AS rules FROM rules').get()).toEqual({ rules: 1 })
  copy.close()
  const precious = join(folder.dir, 'precious.txt')
  writeFileSync(precious, 'the only copy')
  const foreign = join(folder.dir, 'foreign.sqlite')
  new Sqlite(foreign).exec('CREATE TABLE blocks (first INTEGER)').close()
  for (const [there, problem] of [
    [precious, `${precious} is there already and is no backup of Porch: nothing was changed; expected another name`],
    [foreign, `${foreign} is there already and is no backup of Porch: nothing was changed; expected another name`],
    [`${folder.dir}/`, `${folder.dir} is a folder; expected a file in it, such as ${join(folder.dir, 'porch.sqlite')}`],
    [join(folder.dir, 'journal.sqlite'), `${join(folder.dir, 'journal.sqlite')} is the store itself; expected another file for the backup`],
  ] as const) expect(await at('backup', there)).toEqual({ code: 1, out: '', err: `porch: ${problem}\n` })
  expect(readFileSync(precious, 'utf8')).toBe('the only copy')
  expect(readdirSync(folder.dir).filter((name) => /precious|foreign/.test(name)).sort()).toEqual(['foreign.sqlite', 'precious.txt'])
})

test('check: no store is made; a dead name server is a tempfail, a malformed name certain', async () => {
  const dead = await at('check', '192.0.2.1', 'mail.acme.example', '--json')
  expect(dead.code).toBe(3)
  const result = JSON.parse(dead.out) as { evidence: { question: string; status: string }[] }
  expect(Object.keys(result)).toEqual(['client', 'ehlo', 'verdict', 'iprev', 'verifiedName', 'findings', 'refusedFor', 'evidence', 'remedies'])
  expect(result).toMatchObject({ client: '192.0.2.1', ehlo: 'mail.acme.example', verdict: 'tempfail', iprev: 'temperror', verifiedName: null, findings: ['dns-temporary'], refusedFor: ['dns-temporary'], remedies: [] })
  expect(Object.keys(result.evidence[0]!)).toEqual(['question', 'status', 'answers', 'chain', 'ttl', 'ms', 'server'])
  expect(await at('check', '::ffff:192.0.2.1', '-\u202efoo')).toMatchObject({ code: 1, err: '', out: expect.stringMatching(/^reject for ehlo-malformed/) as string })
  expect((await at('check', '192.0.2.1', '-\u202e\n\u001b[31m')).out).not.toMatch(/[\u202e\u001b]/)
  expect(readdirSync(folder.dir)).toEqual(['porch.json'])
})

test('rules from another program, which takes its time', async () => {
  const run = await new Promise<{ code: number | null; out: string }>((resolve) => {
    const child = spawn('sh', ['-c', `(sleep 1; echo 192.0.2.1; sleep 1; echo 192.0.2.2) | "$0" "$@"`, process.execPath, MAIN, '--data', folder.dir, 'rules', 'import', '-'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.on('close', (code) => resolve({ code, out }))
  })
  expect(run).toEqual({ code: 0, out: '2 rules imported\n' })
})

test('check of a sample sender: in practice it says that the real DNS answered, as the console shows made-up answers; never in the JSON', async () => {
  const note = /\n\nThis is what the real DNS says\. 192\.0\.2\.25 is also a sample sender of practice mode: the console judges it by made-up answers\.\n$/
  expect((await at('check', '192.0.2.25', 'mail.acme.example')).out).toMatch(note)
  expect(JSON.parse((await at('check', '192.0.2.25', 'mail.acme.example', '--json')).out)).toMatchObject({ client: '192.0.2.25', verdict: 'tempfail' })
  expect((await at('check', '192.0.2.1', 'mail.acme.example')).out).not.toContain('practice')
  writeFileSync(join(folder.dir, 'porch.json'), JSON.stringify({ ...JSON.parse(readFileSync(join(folder.dir, 'porch.json'), 'utf8')) as object, backend: '127.0.0.1:1' }))
  expect((await at('check', '192.0.2.25', 'mail.acme.example')).out).not.toContain('practice')
})

test('rules from a file and to one; one bad line and nothing is taken', async () => {
  const list = join(folder.dir, 'list.txt')
  writeFileSync(list, '# block list\n192.0.2.1 # =cmd\n198.51.100.0/24\n')
  expect(await at('rules', 'import', list)).toEqual({ code: 0, out: '2 rules imported\n', err: noGate(folder.dir) })
  expect(await at('rules', 'export', '--format', 'plain')).toMatchObject({ code: 0, out: '192.0.2.1 # =cmd\n198.51.100.0/24\n' })
  const csv = (await at('rules', 'export')).out
  expect(csv).toMatch(/^scope,kind,reason,until\r\n192\.0\.2\.1,ban,'=cmd,2\d{3}-[^\r]+\r\n198\.51\.100\.0\/24,ban,,2[^\r]+\r\n$/)
  writeFileSync(list, csv)
  const other = dataFolder()
  try {
    expect(await porch('--data', other.dir, '--json', 'rules', 'import', list)).toEqual({ code: 0, out: '{"imported":2,"expired":0}\n', err: noGate(other.dir) })
    const shown = (out: string) => out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>).map(({ scope, reason, until }) => [scope, reason, until])
    const [there, here] = [shown((await porch('--data', other.dir, 'rules', '--json')).out), shown((await at('rules', '--json')).out)]
    expect(there).toEqual(here)
    expect(here.map(([scope]) => scope)).toEqual(['192.0.2.1', '198.51.100.0/24'])
    writeFileSync(list, '203.0.113.1\n203.0.113.1/24\n')
    expect(await porch('--data', other.dir, 'rules', 'import', list)).toEqual({ code: 2, out: '', err: `porch: ${list}: line 2: "203.0.113.1/24": has host bits set; the network is 203.0.113.0/24; nothing was imported\n` })
    expect((await porch('--data', other.dir, 'rules', '--json')).out).not.toContain('203.0.113.1')
  } finally {
    other.remove()
  }
})

describe('porch whatif', () => {
  test('without data it says so; with data who changes sides, by the rules of the settings’ own gate; nothing is changed', async () => {
    expect(await at('whatif', '--rules', 'standard')).toMatchObject({ code: 0, out: `no sessions of the last 30 days in ${folder.dir}: there is nothing to judge\n` })
    expect(JSON.parse((await at('whatif', '--rules', 'standard', '--json')).out)).toMatchObject({ rules: 'standard', days: 30, sessions: 0, changes: [] })
    const store = await createStore({ dataDir: folder.dir, clock: systemClock, alarms: createAlarms(systemClock), retentionDays: () => 90 })
    const [founding] = CAST
    const mismatch = { ...founding!.session, id: 'pool', at: new Date().toISOString(), client: '198.51.100.141', ehlo: 'smtp-out.bigmail.example', ptrNames: ['m1.bigmail.example'], verifiedName: 'm1.bigmail.example', iprev: 'pass', findings: ['ehlo-mismatch'], refusedFor: ['ehlo-mismatch'] } as const
    const found = (name: string, type: 'PTR' | 'A' | 'MX', status: 'found' | 'nodata', ...records: string[]) => ({ question: { name, type }, status, records, chain: [], ttl: 300, ms: 3, server: '127.0.0.1:53' })
    store.record({ session: mismatch, transcript: [], evidence: [found('141.100.51.198.in-addr.arpa', 'PTR', 'found', 'm1.bigmail.example'), found('m1.bigmail.example', 'A', 'found', '198.51.100.141'), found('smtp-out.bigmail.example', 'A', 'found', '198.51.100.130'), found('smtp-out.bigmail.example', 'MX', 'nodata')] })
    store.record({ ...founding!, session: { ...founding!.session, at: new Date().toISOString() } })
    await store.close()
    const text = await at('whatif', '--rules', 'standard')
    expect(text).toMatchObject({ code: 0, err: '' })
    expect(text.out).toContain('Under standard rules 1 sender changes sides')
    expect(text.out).toMatch(/198\.51\.100\.141 +m1\.bigmail\.example +smtp-out\.bigmail\.example .*1 now pass/)
    const json = JSON.parse((await at('whatif', '--rules', 'standard', '--days', '1', '--json')).out) as object
    expect(json).toMatchObject({ judged: 2, then: { reject: { sessions: 2, senders: 2 } }, standard: { accept: { sessions: 1, senders: 1 }, reject: { sessions: 1, senders: 1 } }, changing: 1, changes: [{ client: '198.51.100.141', sessions: 1, to: { accept: 1, reject: 0, tempfail: 0 } }] })
    expect((await at('whatif', '--rules', 'house')).out).toContain('Under house rules nobody changes sides.')
  })
})
