/**
 * A double of systemctl and journalctl for where systemd is not process 1: keeps a record of its calls, and really starts
 * what a unit's ExecStart says, as the unit's User and Group, with its capabilities, umask, working directory and
 * descriptors, and nothing of the caller's environment. The sandbox itself (ProtectSystem and the like) it cannot give: that
 * is what `systemd-analyze` looks at. Run by Node, as `systemctl ARGS` or `journalctl ARGS`; its memory is /run/fake-systemd.
 */
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/run/fake-systemd'
const UNITS = ['/etc/systemd/system', '/lib/systemd/system']

// Whoever asks is kept in the record.
process.umask(0)
mkdirSync(MEMORY, { recursive: true })
const [tool = '', ...args] = process.argv.slice(2)
appendFileSync(join(MEMORY, 'calls'), `${[tool, ...args].join(' ')}\n`)
if (tool === 'journalctl') process.stdout.write(existsSync(join(MEMORY, 'journal')) ? readFileSync(join(MEMORY, 'journal'), 'utf8') : '')
else process.exitCode = await systemctl(args)

async function systemctl(given: readonly string[]): Promise<number> {
  const [verb = '', unit = ''] = given.filter((arg) => !arg.startsWith('-'))
  const name = unit === '' || unit.includes('.') ? unit : `${unit}.service`
  const now = given.includes('--now')
  switch (verb) {
    case '': process.stdout.write('systemd 252 (a double)\n'); return 0
    case 'daemon-reload': case 'reset-failed': return 0
    case 'enable': writeFileSync(join(MEMORY, 'enabled'), name); return now ? start(name) : 0
    case 'disable': rmSync(join(MEMORY, 'enabled'), { force: true }); return now ? stop() : 0
    case 'start': return pidNow() === null ? start(name) : 0
    case 'stop': return stop()
    case 'restart': await stop(); return start(name)
    case 'is-active': return pidNow() === null ? 3 : 0
    case 'show': {
      const pid = pidNow()
      process.stdout.write(`LoadState=${fileOf(name) === null ? 'not-found' : 'loaded'}\nUnitFileState=${existsSync(join(MEMORY, 'enabled')) ? 'enabled' : 'disabled'}\nActiveState=${pid === null ? 'inactive' : 'active'}\nMainPID=${pid ?? 0}\n`)
      return 0
    }
    default: process.stderr.write(`Unknown command verb ${verb}.\n`); return 1
  }
}

function fileOf(name: string): string | null {
  return UNITS.map((dir) => join(dir, name)).find((file) => existsSync(file)) ?? null
}

function pidNow(): number | null {
  const file = join(MEMORY, 'pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  // A process that has ended and was not waited for (a zombie) runs no more.
  const alive = pid > 0 && existsSync(`/proc/${pid}/stat`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  return alive ? pid : null
}

async function stop(): Promise<number> {
  const pid = pidNow()
  if (pid !== null) process.kill(pid, 'SIGTERM')
  while (pidNow() !== null) await new Promise((resolve) => setTimeout(resolve, 20))
  return 0
}

function start(name: string): number {
  const file = fileOf(name)
  if (file === null) {
    process.stderr.write(`Unit ${name} not found.\n`)
    return 5
  }
  const text = readFileSync(file, 'utf8')
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? ''
  const state = join('/var/lib', value('StateDirectory'))
  execFileSync('install', ['-d', '-o', value('User'), '-g', value('Group'), '-m', value('StateDirectoryMode'), state])
  const capabilities = value('AmbientCapabilities').split(' ').map((each) => `+${each.replace('CAP_', '').toLowerCase()}`).join(',')
  const journal = openSync(join(MEMORY, 'journal'), 'a')
  chmodSync(join(MEMORY, 'journal'), 0o600)
  const child = spawn('setpriv', [
    '--reuid', value('User'), '--regid', value('Group'), '--init-groups', '--no-new-privs',
    '--bounding-set', `-all,${capabilities}`, '--inh-caps', `-all,${capabilities}`, '--ambient-caps', `-all,${capabilities}`,
    'sh', '-c', `umask ${value('UMask')}; ulimit -n ${value('LimitNOFILE')}; cd ${value('WorkingDirectory')}; exec ${value('ExecStart')}`,
  ], { detached: true, stdio: ['ignore', journal, journal], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', USER: value('User'), LOGNAME: value('User'), HOME: state, LANG: 'C.UTF-8' } })
  child.unref()
  writeFileSync(join(MEMORY, 'pid'), String(child.pid ?? 0))
  return 0
}
