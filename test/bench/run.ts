/**
 * npm run bench: what a session costs, in CPU seconds of the gate per 1,000 sessions (its inverse is the sessions a second
 * of one core), beside the bare-Node bound taken in the same run. Medians of ROUNDS. The gate is the built one.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { seed } from './seed.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 6000)
const pinned = existsSync('/usr/bin/taskset')
const children: ChildProcess[] = []

/** Starts a program on a core; settles with its first line of JSON. */
async function start(core: number, args: readonly string[], env: NodeJS.ProcessEnv = {}, program = process.execPath) {
  const [command, ...rest] = pinned ? ['taskset', '-c', String(core), program, ...args] : [program, ...args]
  const child = spawn(command ?? '', rest, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  children.push(child)
  const first = await new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Record<string, unknown>))
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)))
  })
  return { child, first }
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** CPU seconds (user and system, all threads) that a process has used. */
function cpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function pssMegabytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0) / 1024
}

type LoadOptions = { readonly kind: string; readonly octet: number; readonly concurrent: number; readonly addresses: number; readonly count?: number }

async function measure(pid: number, port: number, options: LoadOptions) {
  const before = cpu(pid)
  const { first } = await start(1, [here('load.ts'), JSON.stringify({ port, seconds: 60, count: SESSIONS, ...options })])
  const result = first as { sessions: number; seconds: number; p50: number; p99: number; outcomes: Record<string, number> }
  return { per1000: ((cpu(pid) - before) / result.sessions) * 1000, rate: result.sessions / result.seconds, ...result }
}

/** Once what a start leaves to be done is done: half a minute for a million rules. */
async function settled(pid: number): Promise<void> {
  for (let quiet = 0, last = cpu(pid), second = 0; (quiet < 2 || second < 8) && second < 60; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const now = cpu(pid)
    quiet = now - last < 0.05 ? quiet + 1 : 0
    last = now
  }
}

async function rounds(pid: number, port: number, options: LoadOptions) {
  await measure(pid, port, { ...options, count: 500 })
  const all = []
  for (let round = 0; round < ROUNDS; round++) all.push(await measure(pid, port, options))
  all.sort((a, b) => a.per1000 - b.per1000)
  const middle = all[Math.floor(all.length / 2)]
  if (middle === undefined) throw new Error('no rounds')
  return middle
}

const folder = mkdtempSync(join(tmpdir(), 'porch-bench-'))

/** As its users start it. `rules`: how many bans it has, and `sessions` in its journal. */
async function gate(settings: object, { rules = 0, sessions = 0 } = {}) {
  const dir = mkdtempSync(join(folder, 'gate-'))
  const data = join(dir, 'data')
  mkdirSync(data)
  writeFileSync(join(dir, 'porch.json'), JSON.stringify(settings))
  if (rules > 0 || sessions > 0) seed(data, rules, sessions)
  const begin = performance.now()
  const { child, first } = await start(0, ['serve', '--json', '--config', join(dir, 'porch.json'), '--data', data], {}, here('../../build/porch'))
  const startMs = performance.now() - begin
  child.stdout?.resume()
  return { child, data, startMs, pid: child.pid ?? 0, port: Number(String((first.smtp as string[])[0]).split(':').at(-1)) }
}

/** Octets of the journal with its write-ahead log, a session. */
function bytesPerSession(data: string, sessions: number): string {
  const size = (name: string) => (existsSync(join(data, name)) ? statSync(join(data, name)).size : 0)
  return `journal: ${(size('journal.sqlite') / sessions).toFixed(0)} bytes a session, and ${(size('journal.sqlite-wal') / 1e6).toFixed(1)} MB of write-ahead log`
}

function row(name: string, gateFigure: number, bound: number | null, goal: string, extra: string): void {
  const ratio = bound === null ? '' : `${(gateFigure / bound).toFixed(2)} x`
  console.log(`${name.padEnd(44)} ${gateFigure.toFixed(3).padStart(8)} ${(bound?.toFixed(3) ?? '').padStart(8)} ${ratio.padStart(8)}   ${goal.padEnd(10)} ${extra}`)
}

async function bare(mode: string, options: LoadOptions, ...more: string[]): Promise<number> {
  const { child, first } = await start(0, [here('bare.ts'), mode, ...more])
  const result = await rounds(child.pid ?? 0, first.port as number, options)
  await stop(child)
  return result.per1000
}

const told = (result: { rate: number; p50: number; p99: number; outcomes: Record<string, number> }) =>
  `${result.rate.toFixed(0)} sessions/s, p50 ${result.p50} ms, p99 ${result.p99} ms, ${JSON.stringify(result.outcomes)}`

try {
  const { child: world, first: ports } = await start(1, [here('world.ts')])
  const settings = {
    hostname: 'mx.shop.example', listen: ['127.0.0.1:0'], console: '127.0.0.1:0', domains: ['shop.example'], backend: `127.0.0.1:${ports.backend as number}`,
    dns: { servers: [`127.0.0.1:${ports.dns as number}`], canary: [] }, policy: { exempt: [] }, limits: { connections: 20_000, perClient: 20_000 },
  }
  console.log(`${'CPU seconds per 1,000 sessions'.padEnd(44)} ${'gate'.padStart(8)} ${'bare'.padStart(8)} ${'ratio'.padStart(8)}   goal`)

  const refuse = { kind: 'refuse', octet: 2, concurrent: 50, addresses: 60_000 }
  const known = { ...refuse, addresses: 200 }
  const first = await gate(settings)
  const boundRefuse = await bare('refuse', refuse)
  const fresh = await rounds(first.pid, first.port, refuse)
  row('W1 refuse at RCPT, every client new', fresh.per1000, boundRefuse, '<= 0.30', told(fresh))
  const again = await rounds(first.pid, first.port, known)
  row('W1 refuse at RCPT, known clients', again.per1000, boundRefuse, '<= 0.20', told(again))

  const pass = { kind: 'pass', octet: 1, concurrent: 20, addresses: 60_000 }
  const passed = await rounds(first.pid, first.port, pass)
  row('W2 pass a 4 KB message', passed.per1000, await bare('pass', pass, String(ports.backend)), '<= 0.75', told(passed))
  console.log(`   ${bytesPerSession(first.data, (ROUNDS * SESSIONS + 500) * 3)}; ${pssMegabytes(first.pid).toFixed(0)} MB after that load`)
  await stop(first.child)

  const banned = { kind: 'banned', octet: 3, concurrent: 50, addresses: 60_000 }
  const boundBanned = await bare('flood', banned)
  for (const rules of [10, 1_000_000]) {
    const many = await gate(settings, { rules })
    await settled(many.pid)
    const turned = await rounds(many.pid, many.port, banned)
    row(`W3 banned, ${rules} bans`, turned.per1000, boundBanned, '<= 0.10', told(turned))
    await stop(many.child)
  }

  const old = await gate(settings, { rules: 100_000, sessions: 1_000_000 })
  row('start with a million sessions, 100,000 rules, s', old.startMs / 1000, null, '<= 1', '')
  await stop(old.child)

  const waiting = await gate(settings)
  const idleBefore = pssMegabytes(waiting.pid)
  const idle = await start(1, [here('load.ts'), JSON.stringify({ port: waiting.port, kind: 'idle', octet: 1, concurrent: 10_000, addresses: 60_000, count: 10_000, seconds: 120 })])
  row('W4 10,000 idle sessions, MB (PSS)', pssMegabytes(waiting.pid), null, '<= 120', `${idleBefore.toFixed(0)} MB before`)
  await stop(idle.child)
  await stop(waiting.child)

  for (const delayMs of [100]) {
    const slow = await start(1, [here('world.ts')], { DELAY_MS: String(delayMs) })
    const other = await gate({ ...settings, backend: `127.0.0.1:${slow.first.backend as number}`, dns: { servers: [`127.0.0.1:${slow.first.dns as number}`], canary: [] } })
    const result = await rounds(other.pid, other.port, { ...refuse, concurrent: 1000 })
    row(`W1 with ${delayMs} ms a lookup, 1,000 at once`, result.per1000, null, '>= 3000/s', told(result))
    await stop(other.child)
    await stop(slow.child)
  }
  await stop(world)
} finally {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
