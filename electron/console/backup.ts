/** `porch backup`: one consistent copy of the store, with the settings file beside it. */
import { statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { Outcome } from '../../shared/api.ts'
import { isStore } from '../store/recognise.ts'
import type { ConsoleDeps } from './deps.ts'

export async function backUp(deps: Pick<ConsoleDeps, 'store' | 'settingsFile'>, file: string): Promise<Outcome<object>> {
  if (!isAbsolute(file) || file.includes('\0')) return { ok: false, problem: `"${file}" is not a whole path; expected one such as /backup/porch.db` }
  const taken = takenBy(file)
  if (taken !== null) return { ok: false, problem: taken }
  try {
    await deps.store.backup(file)
    await copySettings(deps.settingsFile, `${file}.settings.json`)
    return { ok: true }
  } catch (error) {
    return { ok: false, problem: `The backup could not be written: ${error instanceof Error ? error.message : 'unknown trouble'}` }
  }
}

/** An older backup is replaced, and an empty file; anything else is kept: a name mistyped must not cost a file. Null: the place is free. */
export function takenBy(file: string): string | null {
  try {
    const stats = statSync(file, { throwIfNoEntry: false })
    if (stats === undefined) return null
    if (stats.isDirectory()) return `${file} is a folder; expected a file in it, such as ${join(file, 'porch.sqlite')}`
    if (!stats.isFile()) return `${file} is no ordinary file; expected the name of a file for the backup`
    return stats.size === 0 || isStore(file) ? null : `${file} is there already and is no backup of Porch: nothing was changed; expected another name`
  } catch (error) {
    return `${file} cannot be looked at: ${error instanceof Error ? error.message : 'unknown trouble'}`
  }
}

/** In practice there may be no settings file yet. */
async function copySettings(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
