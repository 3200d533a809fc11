/**
 * What the person at this computer prefers: kept in desktop.json beside the data (in the person's own folder where the data
 * are the service's), apart from the settings of the gate. A file that is torn or wrong is put aside, and the defaults hold.
 */
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { messageOf } from '../settingsfile.ts'

const notify = z.object({
  canary: z.boolean().default(true), backend: z.boolean().default(true), fixed: z.boolean().default(true),
  bans: z.boolean().default(true), trouble: z.boolean().default(true), gate: z.boolean().default(true),
})

/** Unknown keys are of a later version: they are left out, not refused. */
const schema = z.object({
  notify: notify.prefault({}),
  /** It has been said that closing the window leaves the gate running. */
  closeExplained: z.boolean().default(false),
})

export type Preferences = z.output<typeof schema>

export interface PreferencesFile {
  now(): Preferences
  /** Holds at once; null, or why it could not be kept. */
  change(change: Partial<Preferences>): string | null
}

export function openPreferences(file: string, log: (text: string) => void): PreferencesFile {
  let preferences = read(file, log)
  return {
    now: () => preferences,
    change(change) {
      preferences = { ...preferences, ...change }
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        writeFileAtomic.sync(file, `${JSON.stringify(preferences, null, 2)}\n`, { mode: 0o600 })
        return null
      } catch (error) {
        return messageOf(error)
      }
    },
  }
}

function read(file: string, log: (text: string) => void): Preferences {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return schema.parse({})
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    log(`${file} cannot be read as preferences: the defaults hold; it is kept as ${file}.torn`)
    try {
      renameSync(file, `${file}.torn`)
    } catch {
      // Then the next change replaces it.
    }
    return schema.parse({})
  }
}
