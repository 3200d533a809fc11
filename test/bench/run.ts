/**
 * npm run bench: what a session costs, in CPU seconds of the gate per 1,000 sessions (its inverse is the sessions a second
 * of one core), beside the bare-Node bound taken in the same run. Medians of BENCH_ROUNDS, each of BENCH_SESSIONS. The gate is the
 * built one. `npm run bench -- W3 W4` takes only those whose name begins so.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consoleFigures } from './console.ts'
import { cpu, pssMegabytes, settled, start, stop, stopAll } from './process.ts'
import type { Started } from './process.ts'
import { seed } from './seed.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 6000)
const IDLE = 10_000
const wanted = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'porch-bench-'))

// ---------------------------------------------------------------- load

type LoadOptions = { readonly kind: string; readonly octet: number; readonly concurrent: number; readonly addresses: number; readonly count?: number }
type Target = { readonly pid: number; readonly port: number }

const REFUSE = { kind: 'refuse', octet: 2, concurrent: 50, addresses: 60_000 }
const PASS = { kind: 'pass', octet: 1, concurrent: 20, addresses: 60_000 }
const BANNED = { kind: 'banned', octet: 3, concurrent: 50, addresses: 60_000 }

async function measure({ pid, port }: Target, options: LoadOptions) {
  const before = cpu(pid)
  const { first } = await start(1, [here('load.ts'), JSON.stringify({ port, seconds: 60, count: SESSIONS, ...options })])
  const result = first as { sessions: number; seconds: number; p50: number; p99: number; outcomes: Record<string, number> }
  return { per1000: ((cpu(pid) - before) / result.sessions) * 1000, rate: result.sessions / result.seconds, ...result }
}

/** The middle one of ROUNDS, after a warm-up. */
async function rounds(target: Target, options: LoadOptions) {
  await measure(target, { ...options, count: 500 })
  const all = []
  for (let round = 0; round < ROUNDS; round++) all.push(await measure(target, options))
  all.sort((a, b) => a.per1000 - b.per1000)
  const middle = all[Math.floor(all.length / 2)]
  if (middle === undefined) throw new Error('no rounds')
  return middle
}

/** MB while 10,000 sessions have said EHLO and nothing more, and before. */
async function holding(target: Target): Promise<{ readonly before: number; readonly during: number }> {
  const before = pssMegabytes(target.pid)
  const idle = await start(1, [here('load.ts'), JSON.stringify({ port: target.port, kind: 'idle', octet: 1, concurrent: IDLE, addresses: 60_000, count: IDLE, seconds: 120 })])
  // Until what the rush left behind is given back.
  await new Promise((resolve) => setTimeout(resolve, 6000))
  const during = pssMegabytes(target.pid)
  await stop(idle)
  return { before, during }
}

// ---------------------------------------------------------------- who is measured

interface World extends Started {
  readonly settings: object
}

/** A name server and a mail server, and the settings that lead to them. */
async function world(delayMs = 0): Promise<World> {
  const started = await start(1, [here('world.ts')], { DELAY_MS: String(delayMs) })
  const settings = {
    hostname: 'mx.shop.example', listen: ['127.0.0.1:0'], console: '127.0.0.1:0', domains: ['shop.example'], backend: `127.0.0.1:${started.first.backend as number}`,
    dns: { servers: [`127.0.0.1:${started.first.dns as number}`], canary: [] }, policy: { exempt: [] }, limits: { connections: 20_000, perClient: 20_000 },
    // Who is refused ten thousand times over is not to be banned for it here.
    bans: { strikes: 10_000, windowMinutes: 1 },
  }
  return { ...started, settings }
}

/** As its users start it. `rules`: how many bans it has, and `sessions` in its journal. */
async function gate(settings: object, { rules = 0, sessions = 0 } = {}) {
  const dir = mkdtempSync(join(folder, 'gate-'))
  const data = join(dir, 'data')
  mkdirSync(data)
  writeFileSync(join(dir, 'porch.json'), JSON.stringify(settings))
  if (rules > 0 || sessions > 0) seed(data, rules, sessions)
  const begin = performance.now()
  const started = await start(0, ['serve', '--json', '--config', join(dir, 'porch.json'), '--data', data], {}, here('../../build/porch'))
  const startMs = performance.now() - begin
  started.child.stdout?.resume()
  return { ...started, data, startMs, port: Number(String((started.first.smtp as string[])[0]).split(':').at(-1)) }
}

async function bare<T>(mode: string, use: (target: Target) => Promise<T>, ...more: string[]): Promise<T> {
  const started = await start(0, [here('bare.ts'), mode, ...more])
  const result = await use({ pid: started.pid, port: started.first.port as number })
  await stop(started)
  return result
}

// ---------------------------------------------------------------- what is told

function row(name: string, gateFigure: number, bound: number | null, goal: string, extra: string): void {
  const ratio = bound === null ? '' : `${(gateFigure / bound).toFixed(2)} x`
  console.log(`${name.padEnd(48)} ${gateFigure.toFixed(3).padStart(8)} ${(bound?.toFixed(3) ?? '').padStart(8)} ${ratio.padStart(8)}   ${goal.padEnd(10)} ${extra}`)
}

const told = (result: { rate: number; p50: number; p99: number; outcomes: Record<string, number> }) =>
  `${result.rate.toFixed(0)} sessions/s, p50 ${result.p50} ms, p99 ${result.p99} ms, ${JSON.stringify(result.outcomes)}`

/** Octets of the journal with its write-ahead log, a session. */
function bytesPerSession(data: string, sessions: number): string {
  const size = (name: string) => (existsSync(join(data, name)) ? statSync(join(data, name)).size : 0)
  return `journal: ${(size('journal.sqlite') / sessions).toFixed(0)} bytes a session, and ${(size('journal.sqlite-wal') / 1e6).toFixed(1)} MB of write-ahead log`
}

// ---------------------------------------------------------------- the benchmarks

async function w1(): Promise<void> {
  const around = await world()
  const one = await gate(around.settings)
  const bound = await bare('refuse', (target) => rounds(target, REFUSE))
  const fresh = await rounds(one, REFUSE)
  row('W1 refuse at RCPT, every client new', fresh.per1000, bound.per1000, '<= 0.30', told(fresh))
  const known = await rounds(one, { ...REFUSE, addresses: 200 })
  row('W1 refuse at RCPT, known clients', known.per1000, bound.per1000, '<= 0.20', told(known))
  console.log(`   ${bytesPerSession(one.data, (ROUNDS * SESSIONS + 500) * 2)}; ${pssMegabytes(one.pid).toFixed(0)} MB after that load; event-loop delay p99 ${(await loopDelay(one)).toFixed(1)} ms (goal <= 20)`)
  await stop(one)
  await stop(around)
}

/** ms, of the gate's own measure since the last time it was read. */
async function loopDelay({ first }: Started): Promise<number> {
  const text = await (await fetch(String(first.metrics))).text()
  return Number(/porch_event_loop_delay_seconds\{quantile="0\.99"\} (\S+)/.exec(text)?.[1]) * 1000
}

async function w1Slow(): Promise<void> {
  const around = await world(100)
  const one = await gate(around.settings)
  const result = await rounds(one, { ...REFUSE, concurrent: 1000 })
  row('W1 with 100 ms a lookup, 1,000 at once', result.per1000, null, '>= 3000/s', told(result))
  await stop(one)
  await stop(around)
}

async function w2(): Promise<void> {
  const around = await world()
  const one = await gate(around.settings)
  const bound = await bare('pass', (target) => rounds(target, PASS), String(around.first.backend))
  const passed = await rounds(one, PASS)
  row('W2 pass a 4 KB message', passed.per1000, bound.per1000, '<= 0.75', told(passed))
  console.log(`   ${pssMegabytes(one.pid).toFixed(0)} MB after that load`)
  await stop(one)
  await stop(around)
}

async function w3(): Promise<void> {
  const around = await world()
  const bound = await bare('flood', (target) => rounds(target, BANNED))
  for (const rules of [10, 1_000_000]) {
    const one = await gate(around.settings, { rules })
    await settled(one.pid)
    const turned = await rounds(one, BANNED)
    row(`W3 banned, ${rules} bans`, turned.per1000, bound.per1000, '<= 0.10', told(turned))
    await stop(one)
  }
  await stop(around)
}

async function w4(): Promise<void> {
  const around = await world()
  const bound = await bare('idle', holding)
  const one = await gate(around.settings)
  const { before, during } = await holding(one)
  row('W4 10,000 idle sessions, MB (PSS)', during, bound.during, '<= 120', `${before.toFixed(0)} MB before; ${(((during - before) * 1024) / IDLE).toFixed(1)} KB a session`)
  await stop(one)
  await stop(around)
}

/** How long a start takes that has much to load. */
async function cold(): Promise<void> {
  const around = await world()
  const old = await gate(around.settings, { rules: 100_000, sessions: 1_000_000 })
  row('start with a million sessions, 100,000 rules, s', old.startMs / 1000, null, '<= 1', '')
  await stop(old)
  await stop(around)
}

/** In a process of its own: what it measures is small, and the collector of this one's garbage would be in it. */
async function rules(): Promise<void> {
  const { first } = await start(0, [here('rules.ts'), mkdtempSync(join(folder, 'rules-'))])
  const { few, many, load } = first as { few: number; many: number; load: { wall: number; cpu: number } }
  row('rules: µs a match, 1,000,000 beside 10', many, few, '< 1 µs', 'of some 80 µs that a banned connection costs; the rest of the difference is the processor\'s cache')
  row('rules: ms to load 100,000', load.wall, null, '< 300', `${load.cpu.toFixed(0)} ms of CPU time`)
}

/** What an open console costs the gate while it refuses as fast as it can. */
async function watched(): Promise<void> {
  const around = await world()
  const one = await gate(around.settings)
  const alone = await rounds(one, REFUSE)
  const watcher = await start(1, [here('watcher.ts'), String(one.first.console)])
  const open = await rounds(one, REFUSE)
  row('W1 with a console open, beside none', open.per1000, alone.per1000, '<= 1.15 x', told(open))
  await stop(watcher)
  await stop(one)
  await stop(around)
}

/** In a process of its own, over a journal of a million sessions. */
async function search(): Promise<void> {
  const dir = mkdtempSync(join(folder, 'search-'))
  seed(dir, 0, 1_000_000)
  await new Promise((resolve) => spawn(process.execPath, [here('search.ts'), dir], { stdio: 'inherit' }).on('exit', resolve))
}

async function console_(): Promise<void> {
  for await (const { name, value, goal, extra } of consoleFigures()) row(name, value, null, goal, extra)
}

/** In a process of its own: ten million sessions take some minutes to make up. */
async function reports(): Promise<void> {
  const dir = mkdtempSync(join(folder, 'reports-'))
  await new Promise((resolve) => spawn(process.execPath, [here('reports.ts'), dir], { stdio: 'inherit' }).on('exit', resolve))
}

const BENCHMARKS = { W1: w1, W2: w2, W3: w3, W4: w4, rules, start: cold, slow: w1Slow, watched, search, reports, console: console_ }

try {
  console.log(`${'CPU seconds per 1,000 sessions'.padEnd(48)} ${'gate'.padStart(8)} ${'bare'.padStart(8)} ${'ratio'.padStart(8)}   goal`)
  for (const [name, run] of Object.entries(BENCHMARKS)) {
    if (wanted.length === 0 || wanted.some((start) => name.startsWith(start))) await run()
  }
} finally {
  stopAll()
  rmSync(folder, { recursive: true, force: true })
}
