/** Reports, "what if", forgetting and metrics of the real program, from outside: as scripts and Prometheus use it. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf } from '../../electron/cli/remote.ts'
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import { seed } from '../bench/seed.ts'
import { readPrometheus } from '../fakes/prometheus.ts'
import { smtpClient } from './client.ts'
import { runCli, startPorch } from './porch.ts'
import type { Porch } from './porch.ts'

let porch: Porch
beforeAll(async () => {
  porch = await startPorch({ hostname: 'mx.shop.example', dns: { canary: [] } })
})
afterAll(() => porch.stop())

const api = () => {
  const address = new URL(porch.ready.console)
  return clientOf({ pid: 0, url: address.origin, token: address.searchParams.get('token') ?? '' })
}

/** One refused session from 127.0.0.1 (practice exempts nobody), to that recipient; settles when it is over. */
async function knock(recipient: string, more: readonly string[] = []): Promise<void> {
  const before = porch.sessions.length
  const client = await smtpClient({ port: porch.port })
  await client.reply()
  for (const line of ['EHLO no-such-host', 'MAIL FROM:<a@sender.example>', `RCPT TO:<${recipient}>`, ...more, 'QUIT']) await client.say(line)
  client.end()
  await expect.poll(() => porch.sessions.length, { timeout: 15_000 }).toBeGreaterThan(before)
}

/** Files of the data folder in which the text stands in any case. */
function filesNaming(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile() && readFileSync(join(folder, name), 'latin1').toLowerCase().includes(text))
}

describe('forgetting a mail address', () => {
  test('with a gate running: gone from sessions, log, search and the octets of every file; others stay', async () => {
    await knock('Maria.Q@customer.example', ['VRFY maria.q@customer.example', 'RCPT TO:<maria.q+news@customer.example>'])
    await knock('annamaria.qu@customer.example')
    expect((await porch.cli('ban', '192.0.2.77', '--reason', 'asked for by maria.q@customer.example')).code).toBe(0)
    expect((await porch.cli('sessions', '--rcpt', 'maria.q@customer.example')).stdout).toContain('127.0.0.1')
    expect(filesNaming(porch.data, 'maria.q@')).not.toEqual([])

    const forgotten = await porch.cli('forget', 'MARIA.q@Customer.Example', '--json')
    expect([forgotten.code, forgotten.stderr, JSON.parse(forgotten.stdout)]).toEqual([0, '', { address: 'MARIA.q@customer.example', sessions: 1, notices: 0, rules: 1, values: 0 }])
    expect(filesNaming(porch.data, 'maria.q@')).toEqual([])
    expect(filesNaming(porch.data, 'maria.q+')).toEqual([])
    expect((await porch.cli('sessions', '--rcpt', 'maria.q@customer.example', '--json')).stdout).toBe('')
    const [log, rules, all] = await Promise.all([porch.cli('log'), porch.cli('rules', '--json'), porch.cli('sessions', '--json')])
    for (const { stdout } of [log, rules, all]) expect(stdout.toLowerCase()).not.toContain('maria.q@')
    expect(rules.stdout).toContain('asked for by (forgotten)@customer.example')
    expect(all.stdout).toContain('annamaria.qu@customer.example')
    expect(all.stdout).toContain('(forgotten)@customer.example')
    // What is written after it does not bring it back.
    expect((await porch.cli('unban', '192.0.2.77')).code).toBe(0)
    expect(filesNaming(porch.data, 'maria.q@')).toEqual([])
  })

  test('exit codes: 1 where it is named nowhere, 2 for what is no address', async () => {
    const nowhere = await porch.cli('forget', 'maria.q@customer.example')
    expect([nowhere.code, nowhere.stdout]).toEqual([1, 'maria.q@customer.example is named nowhere in what is stored\n'])
    for (const wrong of ['customer.example', '', 'a b@c.example', '@x.example']) {
      const refused = await porch.cli('forget', wrong)
      expect([refused.code, refused.stdout, refused.stderr.trim().split('\n').length]).toEqual([2, '', 1])
      expect(refused.stderr).toContain('expected a mail address')
    }
    expect((await porch.cli('forget', '--help')).stdout).toContain('It cannot be undone')
  })

  test('without a gate, and in an empty place', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'porch-forget-'))
    const data = join(dir, 'data')
    expect(await runCli(['forget', 'joe@shop.example', '--data', data])).toMatchObject({ code: 1 })
    expect(existsSync(data)).toBe(false)
    seed(data, 0, 3000)
    const told = await runCli(['forget', 'joe@shop.example', '--data', data])
    expect([told.code, told.stderr]).toEqual([0, ''])
    expect(told.stdout).toMatch(/^joe@shop\.example is forgotten: it was named in \d+ sessions\n$/)
    expect(filesNaming(data, '"joe@')).toEqual([])
    expect((await runCli(['sessions', '--rcpt', 'joe@shop.example', '--data', data, '--json'])).stdout).toBe('')
    expect((await runCli(['forget', 'joe@shop.example', '--data', data])).code).toBe(1)
    rmSync(dir, { recursive: true })
  })
})

test('a report has the sessions, the ban and what it spared', async () => {
  const before = await api().reports.get({ kind: 'day' })
  const count = async () => (await api().reports.get({ kind: 'day' })).totals
  await knock('joe@shop.example')
  await expect.poll(count).toMatchObject({ 'd:rejected': (before.totals['d:rejected'] ?? 0) + 1 })
  expect((await porch.cli('ban', '127.0.0.1')).code).toBe(0)
  const client = await smtpClient({ port: porch.port })
  await client.closed()
  await expect.poll(count, { timeout: 15_000 }).toMatchObject({ 'b:spared': (before.totals['b:spared'] ?? 0) + 1, 'b:made-admin': (before.totals['b:made-admin'] ?? 0) + 1 })
  expect((await porch.cli('unban', '127.0.0.1')).code).toBe(0)
  const after = await api().reports.get({ kind: 'day' })
  expect(after.totals['b:lifted']).toBe((before.totals['b:lifted'] ?? 0) + 1)
  expect([after.zone, after.today, after.networks.entries[0]?.key]).toEqual([Intl.DateTimeFormat().resolvedOptions().timeZone, expect.stringMatching(/^\d{4}-\d\d-\d\d$/), '127.0.0.0/24'])
  for (const bad of ['2026-02-30', 'x', '']) await expect(api().reports.get({ kind: 'day', date: bad })).rejects.toThrow()
})

describe('metrics', () => {
  test('every family of CONTRACT, by the token in the address and as Bearer, in the format that Prometheus reads', async () => {
    const address = new URL(porch.ready.metrics)
    const token = address.searchParams.get('token') ?? ''
    const plain = `${address.origin}${address.pathname}`
    const byAddress = await fetch(address)
    const byBearer = await fetch(plain, { headers: { authorization: `Bearer ${token}` } })
    expect([byAddress.status, byBearer.status, (await fetch(plain)).status, (await fetch(plain, { headers: { authorization: 'Bearer wrong' } })).status]).toEqual([200, 200, 401, 401])
    expect(byAddress.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const reply of [byAddress, byBearer]) {
      const families = readPrometheus(await reply.text())
      const labels = (name: string, label: string) => families.get(name)?.samples.map((sample) => sample.labels[label])
      expect(labels('porch_sessions_total', 'disposition')).toEqual([...DISPOSITIONS])
      expect(labels('porch_findings_total', 'finding')).toEqual([...FINDINGS])
      expect(labels('porch_dns_queries_total', 'status')).toEqual(expect.arrayContaining(['found', 'nxdomain', 'servfail', 'timeout']))
      for (const name of ['porch_dns_cache_hits_total', 'porch_connections_open', 'porch_store_queue', 'porch_store_dropped_total', 'porch_store_written_total']) expect(families.get(name)?.samples.length, name).toBe(1)
      for (const name of ['porch_backend_latency_seconds', 'porch_event_loop_delay_seconds']) expect(families.has(name), name).toBe(true)
      expect(families.get('porch_sessions_total')?.samples.find((sample) => sample.labels.disposition === 'rejected')?.value).toBe(porch.sessions.filter(({ disposition }) => disposition === 'rejected').length)
      for (const [name, { type, help }] of families) expect([name, type === 'counter', help !== ''], name).toEqual([name, name.endsWith('_total'), true])
    }
  })

  test('the reader itself is strict', () => {
    for (const wrong of ['a 1', '# TYPE a counter\na 1', '# TYPE a counter\na -1\n', '# TYPE a gauge\na{b="1",b="2"} 1\n', '# TYPE a gauge\na 1\na 2\n', '# TYPE a gauge\na one\n', '# TYPE a gauge\na{b="\\x"} 1\n', '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na{c="d"} 2\n', 'a 1\n']) expect(() => readPrometheus(wrong), wrong).toThrow()
  })
})

describe('porch whatif', () => {
  test('CONTRACT: who would change sides, as JSON, with a quiet stderr; wrong arguments are 2', async () => {
    const told = await porch.cli('whatif', '--rules', 'standard', '--json')
    expect([told.code, told.stderr, told.stdout.trim().split('\n').length]).toEqual([0, '', 1])
    expect(JSON.parse(told.stdout)).toMatchObject({ rules: 'standard', days: 30, rulesNow: 'house', leftOff: 0 })
    for (const wrong of [[], ['--rules', 'strict'], ['--rules', 'house', '--days', '0']]) expect((await porch.cli('whatif', ...wrong)).code).toBe(2)
  })

  test('Ctrl-C ends it at once and leaves nothing running or locked', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'porch-whatif-'))
    const data = join(dir, 'data')
    seed(data, 0, 60_000)
    writeFileSync(join(data, 'porch.json'), '{}')
    // On a terminal of its own, as an admin has it: progress is told there and nowhere else.
    const main = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url))
    const child = spawn('script', ['-qec', `${process.execPath} ${main} whatif --rules house --days 365 --data ${data}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] })
    let shown = ''
    await new Promise<void>((resolve) => child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      if (/\d+ of \d+ sessions judged/.test(shown)) resolve()
    }))
    child.stdin.write('\u0003')
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
    expect(code).toBe(130)
    expect(shown).not.toContain('CLIENT')
    expect((await runCli(['whatif', '--rules', 'house', '--days', '365', '--data', data])).code).toBe(0)
    rmSync(dir, { recursive: true })
  })
})
