/**
 * The service under systemd: `porch service install`, `remove`, `status`. Promises: asks nothing; doing it twice changes
 * nothing; a unit that is not ours is left alone; never a second gate on the data folder.
 */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { ACCOUNT, UNIT } from './place.ts'
import { copyProgram, nodeIn, scriptOf } from './program.ts'
import { saidBy } from './run.ts'
import { inUse, takeData } from './take.ts'
import { MARK, unitText } from './unit.ts'
import type { InstallOptions, Installed, Removed, Service, ServiceDeps, Status } from './service.ts'

/** After so many looks (5 a second) at a gate that does not run, none is to be expected. */
const LYING = 15

export function systemdService(deps: ServiceDeps): Service {
  return { install: (options) => install(deps, options), remove: (purge) => remove(deps, purge), status: () => status(deps) }
}

async function install(deps: ServiceDeps, options: InstallOptions): Promise<Installed> {
  const { run, place, program } = deps
  const unready = await notReady(deps)
  if (unready !== null) return { ok: false, problem: unready }
  const did: string[] = []
  const before = await status(deps)
  if (!before.running && await inUse(place.dataDir)) return { ok: false, problem: `a gate runs on ${place.dataDir} already (a desktop window, or porch serve): stop it first` }

  const account = await ensureAccount(deps, did)
  if (!account.ok) return account
  mkdirSync(place.dataDir, { recursive: true })
  chownSync(place.dataDir, account.uid, account.gid)
  chmodSync(place.dataDir, 0o750)

  let changed = false
  if (!program.packaged) {
    const copied = copyProgram(program, place.programDir)
    if (!copied.ok) return copied
    changed = copied.changed
    if (copied.changed) did.push(`the program is copied to ${place.programDir}`)
  }
  let notes: readonly string[] = []
  if (options.takeData !== undefined) {
    if (before.running) return { ok: false, problem: `the service is running with data of its own: ${place.dataDir} is not written over` }
    const taken = await takeData(deps, options.takeData, place.dataDir, account)
    if (!taken.ok) return taken
    notes = taken.notes
    did.push(`${options.takeData} is copied to ${place.dataDir} (the former stays as it is)`)
  }
  const root = program.packaged ? program.root : place.programDir
  const text = unitText({ node: program.packaged ? program.node : nodeIn(root), script: scriptOf(root), dataDir: place.dataDir })
  if (!existsSync(place.definition) || readFileSync(place.definition, 'utf8') !== text) {
    mkdirSync(dirname(place.definition), { recursive: true })
    await writeFileAtomic(place.definition, text, { mode: 0o644 })
    chmodSync(place.definition, 0o644)
    changed = true
    did.push(`${place.definition} is written`)
  }
  const reload = await run('systemctl', 'daemon-reload')
  if (reload.code !== 0) return { ok: false, problem: saidBy('systemctl daemon-reload', reload) }
  const enabled = await run('systemctl', 'enable', UNIT)
  if (enabled.code !== 0) return { ok: false, problem: saidBy(`systemctl enable ${UNIT}`, enabled) }
  if (!before.enabled) did.push('it starts with the machine')
  if (!before.running || changed) {
    await run('systemctl', 'reset-failed', UNIT)
    const started = await run('systemctl', 'restart', UNIT)
    if (started.code !== 0) return { ok: false, problem: `${saidBy(`systemctl restart ${UNIT}`, started)}${await lastWords(deps)}` }
    did.push(before.running ? 'it is started anew' : 'it is started')
  }
  const now = await answering(deps)
  if (!now.running || now.console === null) return { ok: false, problem: `the service is installed, but the gate does not answer${await lastWords(deps)}` }
  return { ok: true, did, notes, status: now }
}

/** Why nothing can be done here, in one line. */
async function notReady({ run, place, root }: ServiceDeps): Promise<string | null> {
  if (!root) return 'this needs root; run it with sudo'
  const version = await run('systemctl', '--version')
  if (version.code !== 0) return 'there is no systemd here (systemctl does not run); let your own supervisor run porch serve'
  if (existsSync(place.definition) && !readFileSync(place.definition, 'utf8').startsWith(MARK)) return `${place.definition} is not Porch's own; move it away first`
  return null
}

type Account = { readonly ok: true; readonly uid: number; readonly gid: number } | { readonly ok: false; readonly problem: string }

async function ensureAccount({ run, place }: ServiceDeps, did: string[]): Promise<Account> {
  const known = async (database: string) => {
    const found = await run('getent', database, ACCOUNT)
    return found.code === 0 ? found.stdout.trim().split(':').map((field) => Number(field)) : null
  }
  if (await known('group') === null) {
    const made = await run('groupadd', '--system', ACCOUNT)
    if (made.code !== 0) return { ok: false, problem: saidBy(`groupadd ${ACCOUNT}`, made) }
    did.push(`the group ${ACCOUNT} is made`)
  }
  if (await known('passwd') === null) {
    const made = await run('useradd', '--system', '--gid', ACCOUNT, '--home-dir', place.dataDir, '--no-create-home', '--shell', '/usr/sbin/nologin', '--comment', 'Porch SMTP gate', ACCOUNT)
    if (made.code !== 0) return { ok: false, problem: saidBy(`useradd ${ACCOUNT}`, made) }
    did.push(`the account ${ACCOUNT} is made`)
  }
  const uid = (await known('passwd'))?.[2]
  const gid = (await known('group'))?.[2]
  return uid === undefined || gid === undefined ? { ok: false, problem: `there is no account ${ACCOUNT}` } : { ok: true, uid, gid }
}

async function remove(deps: ServiceDeps, purge: boolean): Promise<Removed> {
  const { run, place, program } = deps
  const unready = await notReady(deps)
  if (unready !== null) return { ok: false, problem: unready }
  const did: string[] = []
  if (existsSync(place.definition)) {
    const stopped = await run('systemctl', 'disable', '--now', UNIT)
    if (stopped.code !== 0) return { ok: false, problem: saidBy(`systemctl disable --now ${UNIT}`, stopped) }
    rmSync(place.definition)
    await run('systemctl', 'daemon-reload')
    await run('systemctl', 'reset-failed', UNIT)
    did.push('it is stopped, and starts no more', `${place.definition} is taken away`)
  }
  if (!program.root.startsWith(place.programDir) && existsSync(place.programDir)) {
    rmSync(place.programDir, { recursive: true })
    did.push(`${place.programDir} is taken away`)
  }
  if (!purge) return { ok: true, did, kept: existsSync(place.dataDir) ? place.dataDir : null }
  if (await inUse(place.dataDir)) return { ok: false, problem: `a gate runs on ${place.dataDir}: it is not deleted; stop that gate first` }
  if (existsSync(place.dataDir)) {
    rmSync(place.dataDir, { recursive: true })
    did.push(`${place.dataDir} is deleted`)
  }
  if ((await run('getent', 'passwd', ACCOUNT)).code === 0) {
    const gone = await run('userdel', ACCOUNT)
    if (gone.code !== 0) return { ok: false, problem: saidBy(`userdel ${ACCOUNT}`, gone) }
    // Members keep a group alive that was the account's own.
    if ((await run('getent', 'group', ACCOUNT)).code === 0) await run('groupdel', ACCOUNT)
    did.push(`the account ${ACCOUNT} is taken away`)
  }
  return { ok: true, did, kept: null }
}

async function status(deps: ServiceDeps): Promise<Status> {
  const { run, place } = deps
  const shown = await run('systemctl', 'show', UNIT, '--property=LoadState,UnitFileState,ActiveState,MainPID')
  const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(shown.stdout)?.[1] ?? ''
  const pid = Number(of('MainPID'))
  const running = (of('ActiveState') === 'active' || of('ActiveState') === 'reloading') && pid > 0
  const gate = running ? await deps.gateOn(place.dataDir) : null
  return {
    installed: existsSync(place.definition),
    enabled: of('UnitFileState') === 'enabled',
    running,
    pid: running ? pid : null,
    // Of a former run, or of somebody else's gate: not the service's.
    console: gate !== null && gate.pid === pid ? `${gate.url}/?token=${gate.token}` : null,
    hidden: running && !readable(place.dataDir),
    data: place.dataDir,
    definition: place.definition,
  }
}

/** A folder that one may not enter: the console's address is for the group. */
function readable(dataDir: string): boolean {
  try {
    statSync(`${dataDir}/.`)
    readFileSync(`${dataDir}/gate.json`)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EACCES')
  }
}

async function answering(deps: ServiceDeps): Promise<Status> {
  const until = performance.now() + deps.answerMs
  // One that ended at once is started again by systemd, for the same end.
  for (let lying = 0; ;) {
    const now = await status(deps)
    lying = now.running ? 0 : lying + 1
    if ((now.running && now.console !== null) || lying > LYING || performance.now() >= until) return now
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** What the gate said before it ended. */
async function lastWords({ run }: ServiceDeps): Promise<string> {
  const said = await run('journalctl', '--unit', UNIT, '--lines', '20', '--output', 'cat', '--no-pager')
  const last = said.stdout.split('\n').filter((line) => line.startsWith('porch: ')).at(-1)
  return last === undefined ? `; journalctl -u ${ACCOUNT} tells more` : `: ${last.slice('porch: '.length)}`
}
