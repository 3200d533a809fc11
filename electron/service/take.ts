/**
 * `porch service install --take-data DIR`: what was gathered in practice or by the desktop's own gate goes on under the
 * service. Copied, never moved: the former folder stays as it was. Promises: a consistent copy; never while a gate runs on
 * it; never over data that the service has already.
 */
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, openSync, closeSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { isCode, messageOf, readSettingsFile } from '../settingsfile.ts'
import { takeLock } from '../store/lock.ts'

export interface Owner {
  readonly uid: number
  readonly gid: number
}

export interface TakeDeps {
  /** A consistent copy of the store in `from` as the file `to`, the settings beside it (`porch backup`). Null or the problem. */
  backUp(from: string, to: string): Promise<string | null>
}

export type Taken = { readonly ok: true; readonly notes: readonly string[] } | { readonly ok: false; readonly problem: string }

const STORE = 'journal.sqlite'
const SETTINGS = 'porch.json'
/** Beside store and settings: what the admin wrote, and what makes the gate the same to the outside. */
const ALSO = ['help.txt', 'notices', 'tls', 'mode.json', 'console.token']

export async function takeData(deps: TakeDeps, from: string, to: string, owner: Owner | null): Promise<Taken> {
  const problem = refused(from, to)
  if (problem !== null) return { ok: false, problem }
  try {
    // Asked, not kept: the copy takes the lock itself.
    ;(await takeLock(from, 0)).release()
  } catch (error) {
    return { ok: false, problem: `${messageOf(error)}: stop it first, so that nothing is decided there that the service does not hear of` }
  }
  const store = join(to, STORE)
  try {
    const failed = await deps.backUp(from, store)
    if (failed !== null) return { ok: false, problem: failed }
    if (existsSync(`${store}.settings.json`)) {
      cpSync(`${store}.settings.json`, join(to, SETTINGS))
      rmSync(`${store}.settings.json`)
    }
    for (const name of ALSO) if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { recursive: true, dereference: true })
    const notes = copyNamedFiles(from, to)
    if (owner !== null) give(to, owner)
    return { ok: true, notes }
  } catch (error) {
    // Half a copy would be in the way of the next try.
    for (const name of [STORE, SETTINGS]) rmSync(join(to, name), { force: true })
    return { ok: false, problem: `the data cannot be copied to ${to}: ${messageOf(error)}` }
  }
}

function refused(from: string, to: string): string | null {
  if (resolve(from) === resolve(to)) return `${from} is the service's own folder; name the one to copy from`
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return `${from} is not a folder; expected the data folder to copy from`
  if (!existsSync(join(from, STORE))) return `there is no store in ${from}; expected a data folder of Porch (${STORE})`
  const there = [STORE, SETTINGS].find((name) => existsSync(join(to, name)))
  return there === undefined ? null : `the service has data of its own already (${join(to, there)}): nothing is copied over it`
}

/** Files that the settings name relative to themselves come along; of the others, what the service may not be able to read is told. */
function copyNamedFiles(from: string, to: string): string[] {
  const read = readSettingsFile(join(to, SETTINGS), true)
  if (!read.ok) return [...read.problems]
  const { domainsFile, tls, notices } = read.value.settings
  return [domainsFile, tls?.cert, tls?.key, notices?.passwordFile].filter((path) => path !== undefined).flatMap((path) => {
    if (isAbsolute(path)) return [`${path}: named by the settings; see that the service can read it (nothing below /home or /root)`]
    const inside = !relative(from, resolve(from, path)).startsWith('..')
    if (!inside) return [`${path}: named by the settings, outside ${from}; copy it and name it anew`]
    if (!existsSync(join(from, path))) return [`${path}: named by the settings, but not there`]
    mkdirSync(dirname(join(to, path)), { recursive: true })
    cpSync(join(from, path), join(to, path), { dereference: true })
    return []
  })
}

/** All of it to the account, for its eyes only. Links are not followed: there are none in a copy. */
function give(dir: string, owner: Owner): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isSymbolicLink()) continue
    if (entry.isDirectory()) give(path, owner)
    chownSync(path, owner.uid, owner.gid)
    chmodSync(path, entry.isDirectory() ? 0o700 : 0o600)
  }
}

/** Whether another process keeps the folder. */
export async function inUse(dataDir: string): Promise<boolean> {
  const lock = join(dataDir, 'porch.lock')
  if (!existsSync(lock)) return false
  try {
    closeSync(openSync(lock, 'r'))
    ;(await takeLock(dataDir, 0)).release()
    return false
  } catch (error) {
    if (isCode(error, 'EACCES')) throw error
    return true
  }
}
