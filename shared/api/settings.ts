/**
 * The settings as a console sees and changes them. `input` is always the file's own JSON (keys that are not set are not
 * there); `settings` are those in force with every default filled in. Passwords are files: no password is ever in here.
 */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Settings, SettingsProblem } from '../config.ts'
import type { SettingChange, SettingField, SettingSection } from '../settingsform.ts'
import type { SettingsJson } from '../settingsjson.ts'

/** Settings with what depends on the machine filled in, as the gate runs with them. */
export type FilledSettings = Settings & { readonly practice: boolean; readonly allDomains: readonly string[] }

export interface SettingsView {
  readonly file: string
  /** Named with --config; else the default place in the data folder, where it may be missing. */
  readonly named: boolean
  /** Of the file as it is now: goes with `save`, so that nobody's change is overwritten unseen. */
  readonly revision: string
  /** As it stands in the file; null if it holds no JSON object (torn). A missing file: {}. */
  readonly input: SettingsJson | null
  /** Why the file cannot be used now; the gate goes on with `running`. Empty: the file is in order. */
  readonly problems: readonly SettingsProblem[]
  /** The input that the gate runs with. */
  readonly running: SettingsJson
  /** The copy that is kept of the last settings that worked; null if there is none. */
  readonly lastGood: { readonly file: string; readonly input: SettingsJson } | null
  readonly settings: FilledSettings
  /** What each key would be if it were not set, on this machine and with this mail server (or none). */
  readonly defaults: FilledSettings
  /** Keys whose change waits for the next start. */
  readonly waiting: readonly string[]
  /** Sessions of the last 24 hours by disposition. */
  readonly lastDay: Readonly<Record<string, number>>
  readonly fields: readonly SettingField[]
  readonly sections: readonly SettingSection[]
}

export interface SettingsCheck {
  /** Empty: could be saved. */
  readonly problems: readonly SettingsProblem[]
  /** Could be saved, but would not work yet (a file that cannot be read, notices without a server), or is not safe. */
  readonly warnings: readonly SettingsProblem[]
  /** Against the file as it is now (or, if that is torn, what the gate runs with). */
  readonly changes: readonly SettingChange[]
}

export type SettingsSaved =
  | { readonly ok: true; readonly revision: string; readonly changes: readonly SettingChange[]; /** What was replaced: saving it is the undo. */ readonly before: SettingsJson }
  | {
      readonly ok: false
      readonly problem: string
      readonly problems: readonly SettingsProblem[]
      /** The file is another one by now: look at it first. */
      readonly changed: boolean
    }

/** An object, checked by hand: JSON.parse can make keys that a record of zod's would drop. */
const json = z.custom<SettingsJson>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), { error: 'expected an object' })

export const settingsApi = {
  get: oc.output(type<SettingsView>()),
  /** Validates without saving: fit to be asked while the admin types. */
  check: oc.input(z.object({ input: json })).output(type<SettingsCheck>()),
  /** Writes the file (atomically), and applies at once what can be. */
  save: oc.input(z.object({ input: json, revision: z.string().max(64) })).output(type<SettingsSaved>()),
}
