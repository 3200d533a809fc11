/**
 * A private Postfix for tests: own configuration, queue, ports and log, beside whatever the system runs. It keeps what it
 * accepts for shop.example in a Maildir, and can send as a client. Debian's package has to be there (build/debian.sh), and
 * it needs root. Promises: waits by events; ends only the processes it started.
 */
import { execFileSync, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, watch, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const SBIN = '/usr/sbin'
const DAEMONS = '/usr/lib/postfix/sbin'

export interface PostfixOptions {
  /** Lines of main.cf beside the usual ones. */
  readonly main?: Readonly<Record<string, string>>
  /** Options of the SMTP server ("-o name=value" in master.cf). */
  readonly smtpd?: Readonly<Record<string, string>>
}

export interface Postfix {
  /** Where its SMTP server listens, "127.0.0.1:port". */
  readonly address: string
  readonly port: number
  /** Everything it has logged so far. */
  log(): readonly string[]
  /** The first line, logged already or later, that matches. */
  logged(pattern: RegExp): Promise<string>
  /** The n-th delivered message as text (1 is the first). */
  delivered(count?: number): Promise<string>
  /** How many were delivered. */
  count(): number
  /** Submits a message as a local program would; it goes to `relayhost`, if that is set. */
  send(from: string, to: readonly string[], message: string): void
  stop(): Promise<void>
}

/** Why it cannot run here; null if it can. For a loud skip: `describe.skipIf(missing !== null)`, with the reason in the title. */
export function postfixMissing(): string | null {
  if (!existsSync(join(DAEMONS, 'master'))) return 'Postfix is not installed (run build/debian.sh)'
  if (userInfo().uid !== 0) return 'a private Postfix needs root'
  return null
}

export async function startPostfix(options: PostfixOptions = {}): Promise<Postfix> {
  for (let tries = 5; ; tries--) {
    try {
      return await startOn(options)
    } catch (error) {
      // Between the look for a free port and its use, another program may have taken it.
      if (tries === 1 || !(error instanceof Error && /address already in use/i.test(error.message))) throw error
    }
  }
}

async function startOn(options: PostfixOptions): Promise<Postfix> {
  const dir = mkdtempSync(join(tmpdir(), 'porch-postfix-'))
  chmodSync(dir, 0o755)
  const port = await freePort()
  const config = join(dir, 'config')
  const box = join(dir, 'mail/box/new')
  writeConfig(dir, config, port, options)
  execFileSync(join(SBIN, 'postfix'), ['-c', config, 'check'], { stdio: 'pipe' })

  // Postfix opens /dev/stdout by name, which a file allows and a socket (what a pipe of Node's is) does not.
  const logFile = join(dir, 'log')
  const output = openSync(logFile, 'a')
  const master = spawn(join(DAEMONS, 'master'), ['-c', config, '-s'], { stdio: ['ignore', output, output] })
  closeSync(output)
  const exited = once(master, 'exit')
  const events = new EventEmitter().setMaxListeners(100)
  const log = () => readFileSync(logFile, 'utf8').split('\n')
  const watchers = [watch(logFile, () => events.emit('line')), watch(box, () => events.emit('mail'))]
  const end = async () => {
    for (const watcher of watchers) watcher.close()
    if (master.exitCode === null && master.signalCode === null) {
      master.kill('SIGTERM')
      await exited
    }
    rmSync(dir, { recursive: true, force: true })
  }

  const postfix: Postfix = {
    address: `127.0.0.1:${port}`,
    port,
    log,
    async logged(pattern) {
      for (;;) {
        const line = log().find((known) => pattern.test(known))
        if (line !== undefined) return line
        await Promise.race([once(events, 'line'), exited.then(() => { throw new Error(`Postfix ended:\n${log().join('\n')}`) })])
      }
    },
    async delivered(count = 1) {
      for (;;) {
        const files = readdirSync(box).map((file) => join(box, file)).sort((one, other) => statSync(one).mtimeMs - statSync(other).mtimeMs)
        const found = files[count - 1]
        if (found !== undefined) return readFileSync(found, 'latin1')
        await once(events, 'mail')
      }
    },
    count: () => readdirSync(box).length,
    send(from, to, message) {
      execFileSync(join(SBIN, 'sendmail'), ['-C', config, '-i', '-f', from, '--', ...to], { input: message, stdio: ['pipe', 'pipe', 'pipe'] })
    },
    stop: end,
  }
  try {
    await postfix.logged(/daemon started/)
  } catch (error) {
    await end()
    throw error
  }
  return postfix
}

function writeConfig(dir: string, config: string, port: number, options: PostfixOptions): void {
  const owner = idOf('postfix')
  for (const part of ['config', 'queue', 'data', 'mail', 'mail/box', 'mail/box/new', 'mail/box/cur', 'mail/box/tmp']) mkdirSync(join(dir, part))
  chownSync(join(dir, 'data'), owner.uid, owner.gid)
  for (const part of ['mail', 'mail/box', 'mail/box/new', 'mail/box/cur', 'mail/box/tmp']) chownSync(join(dir, part), owner.uid, owner.gid)
  const main: Record<string, string> = {
    compatibility_level: '3.6', myhostname: 'mail.shop.example', mydestination: '', mynetworks: '127.0.0.0/8', inet_interfaces: '127.0.0.1', inet_protocols: 'all',
    queue_directory: join(dir, 'queue'), data_directory: join(dir, 'data'), maillog_file: '/dev/stdout', mail_owner: 'postfix', setgid_group: 'postdrop',
    command_directory: SBIN, daemon_directory: DAEMONS, sendmail_path: '/usr/sbin/sendmail', mailq_path: '/usr/bin/mailq', newaliases_path: '/usr/bin/newaliases',
    alias_maps: '', alias_database: '', default_database_type: 'texthash', smtpd_banner: '$myhostname ESMTP', smtpd_peername_lookup: 'no', biff: 'no',
    virtual_mailbox_domains: 'shop.example', virtual_mailbox_base: join(dir, 'mail'), virtual_mailbox_maps: 'static:box/', virtual_minimum_uid: '1',
    virtual_uid_maps: `static:${owner.uid}`, virtual_gid_maps: `static:${owner.gid}`, smtpd_relay_restrictions: 'reject_unauth_destination',
    smtpd_tls_security_level: 'none', disable_dns_lookups: 'yes', smtp_dns_support_level: 'disabled', minimal_backoff_time: '2s', queue_run_delay: '2s', local_transport: 'error:no local users',
    ...options.main,
  }
  writeFileSync(join(config, 'main.cf'), Object.entries(main).map(([key, value]) => `${key} = ${value}\n`).join(''))
  const smtpd = Object.entries(options.smtpd ?? {}).map(([key, value]) => ` -o ${key}=${value}`).join('')
  const services: readonly (readonly [string, string, string, string])[] = [
    [`127.0.0.1:${port}`, 'inet', '-', `smtpd${smtpd}`], ['pickup', 'unix', '60', 'pickup'], ['cleanup', 'unix', '-', 'cleanup'], ['qmgr', 'unix', '300', 'qmgr'],
    ['rewrite', 'unix', '-', 'trivial-rewrite'], ['bounce', 'unix', '-', 'bounce'], ['defer', 'unix', '-', 'bounce'], ['trace', 'unix', '-', 'bounce'], ['verify', 'unix', '-', 'verify'],
    ['proxymap', 'unix', '-', 'proxymap'], ['smtp', 'unix', '-', 'smtp'], ['relay', 'unix', '-', 'smtp'], ['error', 'unix', '-', 'error'], ['retry', 'unix', '-', 'error'],
    ['virtual', 'unix', '-', 'virtual'], ['anvil', 'unix', '-', 'anvil'], ['scache', 'unix', '-', 'scache'], ['tlsmgr', 'unix', '1000?', 'tlsmgr'], ['showq', 'unix', '-', 'showq'],
  ]
  const shared = new Set(['pickup', 'cleanup', 'showq'])
  const single = new Set(['pickup', 'qmgr', 'verify', 'anvil', 'scache', 'tlsmgr'])
  const unlimited = new Set(['cleanup', 'bounce', 'defer', 'trace'])
  const lines = services.map(([name, kind, wake, command]) => {
    const isPrivate = kind === 'unix' && !shared.has(name) && name !== 'qmgr' ? '-' : 'n'
    const privileged = name === 'virtual' ? 'n' : '-'
    return `${name} ${kind} ${isPrivate} ${privileged} n ${wake} ${single.has(name) ? '1' : unlimited.has(name) ? '0' : '-'} ${command}\n`
  })
  writeFileSync(join(config, 'master.cf'), [...lines, 'postlog unix-dgram n - n - 1 postlogd\n'].join(''))
}

function idOf(name: string): { readonly uid: number; readonly gid: number } {
  const fields = readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith(`${name}:`))?.split(':')
  return { uid: Number(fields?.[2]), gid: Number(fields?.[3]) }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
