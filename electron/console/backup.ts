/** `porch backup`: one consistent copy of the store, with the settings file beside it. */
import { copyFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { Outcome } from '../../shared/api.ts'
import type { ConsoleDeps } from './deps.ts'

export async function backUp(deps: Pick<ConsoleDeps, 'store' | 'settingsFile'>, file: string): Promise<Outcome<object>> {
  if (!isAbsolute(file) || file.includes('\0')) return { ok: false, problem: `"${file}" is not a whole path; expected one such as /backup/porch.db` }
  try {
    await deps.store.backup(file)
    await copySettings(deps.settingsFile, `${file}.settings.json`)
    return { ok: true }
  } catch (error) {
    return { ok: false, problem: `The backup could not be written: ${error instanceof Error ? error.message : 'unknown trouble'}` }
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
