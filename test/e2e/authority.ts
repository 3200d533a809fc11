/**
 * Real name servers (Debian's knot or nsd) on a loopback port, serving the root zone, so that a test's records may have any names; or, as in
 * a laboratory, only the zones that are named: other names they refuse. They are authorities, not resolvers: CNAMEs are followed within a zone.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createResolver } from '../../electron/dns/resolver.ts'

export type AuthorityKind = 'knot' | 'nsd'

const PROGRAM: Readonly<Record<AuthorityKind, string>> = { knot: '/usr/sbin/knotd', nsd: '/usr/sbin/nsd' }

/** Whether it is installed; says so loudly if not, for a skipped test proves nothing. */
export function isInstalled(kind: AuthorityKind): boolean {
  const present = existsSync(PROGRAM[kind])
  if (!present) console.warn(`SKIPPED: ${PROGRAM[kind]} is not installed (apt-get install ${kind}); nothing was tested against it`)
  return present
}

export interface Authority {
  /** "127.0.0.1:5353" */
  readonly address: string
  readonly pid: number
  /** The root zone has these records from now on, as after an edit and a reload. Settles once it answers so. */
  replace(records: string): Promise<void>
  close(): Promise<void>
}

/** `records`: lines of the root's zone file, names absolute (with the final dot); or those of some zones only, by their names ("example."). Settles once it answers. */
export async function startAuthority(kind: AuthorityKind, records: string | Readonly<Record<string, string>>): Promise<Authority> {
  for (let tries = 5; ; tries--) {
    try {
      return await start(kind, typeof records === 'string' ? { '.': records } : records)
    } catch (error) {
      // Between the look for a free port and its use, another program may have taken it.
      if (tries === 1 || !(error instanceof Error && /address already in use/i.test(error.message))) throw error
    }
  }
}

async function start(kind: AuthorityKind, zones: Readonly<Record<string, string>>): Promise<Authority> {
  const directory = await mkdtemp(join(tmpdir(), `porch-${kind}-`))
  const port = await freePort()
  const names = Object.keys(zones)
  let serial = 1
  const write = (name: string, records: string) =>
    writeFile(join(directory, fileOf(name)), `$TTL 60\n${name} IN SOA ns.test. hostmaster.test. ${serial} 3600 600 86400 60\n${name} IN NS ns.test.\n${probeName(name)}. IN A 127.0.0.1\n${records}\n`)
  for (const [name, records] of Object.entries(zones)) await write(name, records)
  const config = join(directory, `${kind}.conf`)
  await writeFile(config, kind === 'knot' ? knotConfig(directory, port, names) : nsdConfig(directory, port, names))
  const child = spawn(PROGRAM[kind], kind === 'knot' ? ['-c', config] : ['-d', '-c', config], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { log = (log + chunk.toString()).slice(-4000) })
  const close = async () => {
    await stop(child)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    for (const name of names) await untilItAnswers(`127.0.0.1:${port}`, child, probeName(name))
  } catch (error) {
    await close()
    throw new Error(`${kind} did not start: ${log}`, { cause: error })
  }
  return {
    address: `127.0.0.1:${port}`, pid: child.pid!, close,
    async replace(records) {
      serial += 1
      const seen = `serial-${serial}.test`
      await write('.', `${records}\n${seen}. IN A 127.0.0.1`)
      child.kill('SIGHUP')
      await untilItAnswers(`127.0.0.1:${port}`, child, seen)
    },
  }
}

const fileOf = (zone: string) => (zone === '.' ? 'root.zone' : `${zone}zone`)
const probeName = (zone: string) => (zone === '.' ? 'ns.test' : `ns.${zone.slice(0, -1)}`)

const knotConfig = (directory: string, port: number, zones: readonly string[]) => `
server:
    rundir: "${directory}"
    listen: 127.0.0.1@${port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: error
database:
    storage: "${directory}"
zone:
${zones.map((zone) => `  - domain: ${zone}
    file: "${directory}/${fileOf(zone)}"
    storage: "${directory}"
`).join('')}`

const nsdConfig = (directory: string, port: number, zones: readonly string[]) => `
server:
    server-count: 1
    ip-address: 127.0.0.1@${port}
    username: ""
    chroot: ""
    zonesdir: "${directory}"
    zonelistfile: "${directory}/zone.list"
    xfrdfile: "${directory}/xfrd.state"
    xfrdir: "${directory}"
    pidfile: "${directory}/nsd.pid"
    database: ""
    rrl-ratelimit: 0
    verbosity: 1
remote-control:
    control-enable: no
${zones.map((zone) => `zone:
    name: "${zone}"
    zonefile: "${fileOf(zone)}"
`).join('')}`

/** Free for TCP; that it is free for UDP too shows when the server starts. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => { resolve(port) })
    })
  })
}

async function untilItAnswers(address: string, child: ChildProcess, name: string): Promise<void> {
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const resolver = createResolver({ settings: () => ({ servers: [address], timeoutMs: 200, tries: 1 }), clock })
  const until = clock.monotonic() + 20_000
  try {
    while (clock.monotonic() < until) {
      if (child.exitCode !== null) throw new Error(`exited with ${child.exitCode}`)
      const answer = await resolver.resolve({ name, type: 'A' }, { deadline: until, fresh: true })
      if (answer.status === 'found') return
    }
    throw new Error('no answer for 20 s')
  } finally {
    resolver.close()
  }
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const forced = setTimeout(() => child.kill('SIGKILL'), 5000)
    child.once('exit', () => {
      clearTimeout(forced)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
