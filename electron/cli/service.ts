/** `porch service install | remove | status`: what is said. What is done is in electron/service. */
import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import { userInfo } from 'node:os'
import { findGate } from '../console/announce.ts'
import { taskService } from '../service/windows.ts'
import { systemdService } from '../service/linux.ts'
import { ACCOUNT, WINDOWS_GROUP, servicePlace } from '../service/place.ts'
import { programOf } from '../service/program.ts'
import { runTool } from '../service/run.ts'
import type { Service, Status } from '../service/service.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { openLocal } from './local.ts'
import { writeLine } from './output.ts'

const ANSWER_MS = 20_000

export async function installService(flags: CommonFlags & { readonly takeData?: string }): Promise<number> {
  const { service, place } = serviceHere(flags, '--take-data DIR begins with a copy of another folder')
  const outcome = await service.install(flags.takeData === undefined ? {} : { takeData: resolve(flags.takeData) })
  if (!outcome.ok) throw new Failure(outcome.problem)
  const { did, notes, status } = outcome
  if (flags.json === true) {
    writeLine(JSON.stringify({ did, notes, ...statusJson(status) }))
    return 0
  }
  for (const line of did.length === 0 ? ['nothing to do: the service is installed and runs'] : did) writeLine(line)
  for (const note of notes) writeLine(`note: ${note}`)
  for (const line of [
    '', `console: ${status.console ?? ''}`, `data:    ${place.dataDir} (settings: porch.json in it)`, `commands reach it with --data ${place.dataDir}`,
    process.platform === 'win32'
      ? `to open it in the desktop window: net localgroup ${WINDOWS_GROUP} NAME /add, then log in anew`
      : `to open it in the desktop window: usermod -aG ${ACCOUNT} NAME, then log in anew`,
    'to undo: porch service remove (the data stays; --purge deletes it)',
  ]) writeLine(line)
  return 0
}

export async function removeService(flags: CommonFlags & { readonly purge?: boolean }): Promise<number> {
  const { service } = serviceHere(flags)
  const outcome = await service.remove(flags.purge === true)
  if (!outcome.ok) throw new Failure(outcome.problem)
  if (flags.json === true) {
    writeLine(JSON.stringify({ did: outcome.did, kept: outcome.kept }))
    return 0
  }
  for (const line of outcome.did.length === 0 ? ['nothing to do: the service is not installed'] : outcome.did) writeLine(line)
  if (outcome.kept !== null) writeLine(`the data stays in ${outcome.kept}; porch service remove --purge deletes it, porch service install goes on with it`)
  return 0
}

export async function serviceStatus(flags: CommonFlags): Promise<number> {
  const { service } = serviceHere(flags)
  const status = await service.status()
  if (flags.json === true) writeLine(JSON.stringify(statusJson(status)))
  else for (const line of statusText(status)) writeLine(line)
  return status.running ? 0 : 1
}

function statusJson({ installed, enabled, running, pid, console, data, definition }: Status) {
  return { installed, enabled, running, pid, console, data, definition }
}

function statusText(status: Status): string[] {
  if (!status.installed) return ['the service is not installed']
  return [
    `installed:  yes (${status.definition})`,
    `at startup: ${status.enabled ? 'yes' : 'no'}`,
    `running:    ${status.running ? `yes, process ${status.pid ?? ''}` : 'no'}`,
    ...(status.running || status.hidden ? [`console:    ${status.console ?? (status.hidden ? `told to root and to members of the group ${ACCOUNT} only` : 'not there yet')}`] : []),
    `data:       ${status.data}`,
  ]
}

/** On this system, for this program. `instead`: what to do who names another folder. */
function serviceHere(flags: CommonFlags, instead = 'leave --data and --config out'): { readonly service: Service; readonly place: ReturnType<typeof servicePlace> } {
  const place = servicePlace(process.platform, process.env)
  if (flags.config !== undefined || (flags.data !== undefined && placeOf(flags).dataDir !== place.dataDir)) {
    throw new Failure(`the service keeps settings and data in ${place.dataDir}; ${instead}`)
  }
  const program = programOf(fileURLToPath(import.meta.url), process.execPath)
  if (program === null) throw new Failure('the program is not built yet; run npm run build')
  const deps = { run: runTool, place, program, root: process.platform !== 'win32' && userInfo().uid === 0, gateOn: findGate, answerMs: ANSWER_MS, backUp }
  switch (process.platform) {
    case 'linux': return { service: systemdService(deps), place }
    case 'win32': return { service: taskService(deps), place }
    default: throw new Failure('a service can be installed on Linux and on Windows')
  }
}

/** The store is read here and now: no gate runs on it. */
async function backUp(from: string, to: string): Promise<string | null> {
  const operations = await openLocal(placeOf({ data: from }))
  try {
    const outcome = await operations.backup(to)
    return outcome.ok ? null : outcome.problem
  } finally {
    await operations.close()
  }
}
