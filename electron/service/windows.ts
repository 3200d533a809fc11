/**
 * The service on Windows: a scheduled task that starts with the machine, under LOCAL SERVICE, with a data folder that only
 * it, the administrators and the local group "Porch" (to read) may enter. The same promises as under systemd. Tested
 * against a double of the system's tools: no Windows was at hand.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { WINDOWS_GROUP, TASK } from './place.ts'
import { copyProgram, nodeIn, scriptOf } from './program.ts'
import { saidBy } from './run.ts'
import type { Ran } from './run.ts'
import { inUse, takeData } from './take.ts'
import { ADMINISTRATORS, LOCAL_SERVICE, taskXml } from './task.ts'
import type { InstallOptions, Installed, Removed, Service, ServiceDeps, Status } from './service.ts'

const NOT_ADMINISTRATOR = 'this needs an administrator; run it in a command prompt that was opened with "Run as administrator"'
const BOM = '\uFEFF'

export function taskService(deps: ServiceDeps): Service {
  return { install: (options) => install(deps, options), remove: (purge) => remove(deps, purge), status: () => status(deps) }
}

async function install(deps: ServiceDeps, options: InstallOptions): Promise<Installed> {
  const { run, place, program } = deps
  if (!await isAdministrator(deps)) return { ok: false, problem: NOT_ADMINISTRATOR }
  const before = await status(deps)
  if (options.takeData !== undefined && before.running) return { ok: false, problem: `the service is running with data of its own: ${place.dataDir} is not written over` }
  if (!before.running && await inUse(place.dataDir)) return { ok: false, problem: `a gate runs on ${place.dataDir} already (a desktop window, or porch serve): stop it first` }
  const did: string[] = []
  const failed = await prepareFolder(deps)
  if (failed !== null) return { ok: false, problem: failed }
  // A running program cannot be written over on Windows.
  if (before.installed) await run('schtasks', '/End', '/TN', TASK)
  if (!program.packaged) {
    const copied = copyProgram(program, place.programDir)
    if (!copied.ok) return copied
    if (copied.changed) did.push(`the program is copied to ${place.programDir}`)
  }
  let notes: readonly string[] = []
  if (options.takeData !== undefined) {
    const taken = await takeData(deps, options.takeData, place.dataDir, null)
    if (!taken.ok) return taken
    notes = taken.notes
    did.push(`${options.takeData} is copied to ${place.dataDir} (the former stays as it is)`)
  }
  const root = program.packaged ? program.root : place.programDir
  const xml = taskXml({ node: program.packaged ? program.node : nodeIn(root), script: scriptOf(root), dataDir: place.dataDir })
  writeFileSync(place.definition, BOM + xml, 'utf16le')
  const made = await run('schtasks', '/Create', '/TN', TASK, '/XML', place.definition, '/F')
  if (made.code !== 0) return { ok: false, problem: saidBy(`schtasks /Create /TN ${TASK}`, made) }
  did.push(before.installed ? `the task ${TASK} is written anew` : `the task ${TASK} starts it with the machine`)
  const started = await run('schtasks', '/Run', '/TN', TASK)
  if (started.code !== 0) return { ok: false, problem: saidBy(`schtasks /Run /TN ${TASK}`, started) }
  did.push(before.running ? 'it is started anew' : 'it is started')
  const now = await answering(deps)
  if (now.console === null) return { ok: false, problem: `the service is installed, but the gate does not answer; porch serve --data "${place.dataDir}", run by hand, says why` }
  return { ok: true, did, notes, status: now }
}

/** Only an elevated process may ask this. */
async function isAdministrator({ run }: ServiceDeps): Promise<boolean> {
  return (await run('net', 'session')).code === 0
}

async function prepareFolder({ run, place }: ServiceDeps): Promise<string | null> {
  mkdirSync(place.dataDir, { recursive: true })
  // "Exists already" (code 2) is as good.
  await run('net', 'localgroup', WINDOWS_GROUP, '/add')
  const granted = [`*${ADMINISTRATORS}:(OI)(CI)F`, `*${LOCAL_SERVICE}:(OI)(CI)M`, `${WINDOWS_GROUP}:(OI)(CI)RX`]
  const ran = await run('icacls', place.dataDir, '/inheritance:r', '/grant:r', ...granted, '/T', '/Q')
  return ran.code === 0 ? null : saidBy(`icacls ${place.dataDir}`, ran)
}

async function remove(deps: ServiceDeps, purge: boolean): Promise<Removed> {
  const { run, place, program } = deps
  if (!await isAdministrator(deps)) return { ok: false, problem: NOT_ADMINISTRATOR }
  const did: string[] = []
  if ((await asked(deps)).code === 0) {
    await run('schtasks', '/End', '/TN', TASK)
    const gone = await run('schtasks', '/Delete', '/TN', TASK, '/F')
    if (gone.code !== 0) return { ok: false, problem: saidBy(`schtasks /Delete /TN ${TASK}`, gone) }
    did.push('it is stopped, and starts no more')
  }
  if (await gone(deps) && !program.root.startsWith(place.programDir) && existsSync(place.programDir)) {
    rmSync(place.programDir, { recursive: true, maxRetries: 5, retryDelay: 500 })
    did.push(`${place.programDir} is taken away`)
  }
  rmSync(place.definition, { force: true })
  if (!purge) return { ok: true, did, kept: existsSync(place.dataDir) ? place.dataDir : null }
  if (await inUse(place.dataDir)) return { ok: false, problem: `a gate runs on ${place.dataDir}: it is not deleted; stop that gate first` }
  if (existsSync(place.dataDir)) {
    rmSync(place.dataDir, { recursive: true, maxRetries: 5, retryDelay: 500 })
    did.push(`${place.dataDir} is deleted`)
  }
  await run('net', 'localgroup', WINDOWS_GROUP, '/delete')
  return { ok: true, did, kept: null }
}

function asked({ run }: ServiceDeps): Promise<Ran> {
  return run('schtasks', '/Query', '/TN', TASK, '/XML')
}

async function status(deps: ServiceDeps): Promise<Status> {
  const { place } = deps
  const task = await asked(deps)
  const installed = task.code === 0
  const gate = await deps.gateOn(place.dataDir)
  const running = installed && gate !== null
  return {
    installed,
    // The task's own switch; the trigger has one of the same name, which nobody turns off by itself.
    enabled: installed && !task.stdout.includes('<Enabled>false</Enabled>'),
    running,
    pid: gate !== null && running ? gate.pid : null,
    console: gate !== null && running ? `${gate.url}/?token=${gate.token}` : null,
    hidden: installed && gate === null && existsSync(place.dataDir) && !existsSync(`${place.dataDir}\\porch.lock`),
    data: place.dataDir,
    definition: place.definition,
  }
}

async function answering(deps: ServiceDeps): Promise<Status> {
  for (const until = performance.now() + deps.answerMs; ;) {
    const now = await status(deps)
    if (now.console !== null || performance.now() >= until) return now
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The process that was ended is gone. */
async function gone(deps: ServiceDeps): Promise<boolean> {
  for (const until = performance.now() + deps.answerMs; ;) {
    if (await deps.gateOn(deps.place.dataDir) === null) return true
    if (performance.now() >= until) return false
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
