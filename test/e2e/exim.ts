/**
 * Exim as a client of the gate: a smarthost configuration of its own, from a Debian package unpacked beside the system
 * (build/debian.sh; it cannot be installed beside Postfix). Nothing stays behind: each run delivers in the foreground.
 */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../.cache/exim/usr/sbin/exim4', import.meta.url))

export interface EximOptions {
  /** Where mail goes: the gate. */
  readonly host: string
  readonly port: number
  /** What it says in EHLO. */
  readonly ehlo: string
}

export interface Exim {
  /** Sends and tries to deliver at once; settles when that was done, with what was logged for it ("=>", "**", "=="). */
  send(from: string, to: readonly string[], message: string): Promise<string>
  /** Tries again what is in the queue; what was logged for it. */
  retry(): Promise<string>
  /** Ids of messages that wait. */
  queue(): Promise<readonly string[]>
  remove(): void
}

/** Why it cannot run here; null if it can. */
export function eximMissing(): string | null {
  if (!existsSync(PROGRAM)) return 'Exim is not unpacked in .cache/exim (run build/debian.sh)'
  if (userInfo().uid !== 0) return 'Exim needs root to use a configuration of its own'
  if (!/^Debian-exim:/m.test(readFileSync('/etc/passwd', 'utf8'))) return 'there is no user Debian-exim (run build/debian.sh as root)'
  return null
}

export function createExim(options: EximOptions): Exim {
  const dir = mkdtempSync(join(tmpdir(), 'porch-exim-'))
  chmodSync(dir, 0o755)
  for (const part of ['spool', 'log']) {
    mkdirSync(join(dir, part))
    chmodSync(join(dir, part), 0o777)
  }
  const config = join(dir, 'exim.conf')
  writeFileSync(config, configOf(dir, options))
  const log = join(dir, 'log/mainlog')
  const logText = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')

  const run = (args: readonly string[], input: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(PROGRAM, ['-C', config, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
      child.once('error', reject)
      child.once('close', () => { resolve(output) })
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
    })

  const logged = async (work: () => Promise<string>): Promise<string> => {
    const before = logText().length
    const output = await work()
    return `${logText().slice(before)}${output}`
  }

  return {
    send: (from, to, message) => logged(() => run(['-i', '-odf', '-f', from === '' ? '<>' : from, '--', ...to], message)),
    retry: () => logged(() => run(['-qff'], '')),
    queue: async () => [...(await run(['-bp'], '')).matchAll(/\b[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}\b/g)].map(([id]) => id),
    remove: () => { rmSync(dir, { recursive: true, force: true }) },
  }
}

function configOf(dir: string, options: EximOptions): string {
  return `
primary_hostname = ${options.ehlo}
spool_directory = ${join(dir, 'spool')}
log_file_path = ${join(dir, 'log/%slog')}
log_selector = +smtp_confirmation
qualify_domain = ${options.ehlo}
host_lookup =
disable_ipv6 = true
trusted_users = root
keep_environment =
exim_path = ${PROGRAM}
check_spool_space = 0
check_log_space = 0
begin routers
gate:
  driver = manualroute
  route_list = * ${options.host} byname
  self = send
  transport = gate
begin transports
gate:
  driver = smtp
  port = ${options.port}
  helo_data = ${options.ehlo}
begin retry
* * F,4d,1s
`.trimStart()
}
