/** The common flags (CONTRACT): where the settings and the data are, and whether scripts or people read the output. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { Failure } from './failure.ts'

/** As commander hands them over, merged from before and after the command. */
export interface CommonFlags {
  readonly config?: string
  readonly data?: string
  readonly json?: boolean
}

export interface Place {
  readonly dataDir: string
  /** As named by --config; undefined for porch.json in the data folder, which may be missing. */
  readonly named: string | undefined
  readonly settingsFile: string
}

export function defaultDataDir(): string {
  return envPaths('porch', { suffix: '' }).data
}

export function placeOf(flags: CommonFlags): Place {
  const dataDir = resolve(flags.data ?? defaultDataDir())
  const named = flags.config === undefined ? undefined : resolve(flags.config)
  return { dataDir, named, settingsFile: named ?? join(dataDir, 'porch.json') }
}

/** Whether anything was ever stored there: a question about an empty place must not make a folder. */
export function hasStore(place: Place): boolean {
  if (statSync(place.dataDir, { throwIfNoEntry: false })?.isDirectory() === false) throw new Failure(`${place.dataDir} is not a folder; expected the data folder`)
  if (existsSync(place.dataDir)) refuseClosed(place.dataDir)
  return ['journal.sqlite', 'rules.jsonl'].some((name) => existsSync(join(place.dataDir, name)))
}

/** What one may not look at is not empty. */
function refuseClosed(dataDir: string): void {
  try {
    accessSync(dataDir, constants.R_OK | constants.X_OK)
  } catch {
    throw new Failure(`${dataDir} may not be read by this account; run this as root, or as a member of the folder’s group`)
  }
}
