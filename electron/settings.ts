/**
 * The settings in force. The file is watched: a good change is taken over live, a torn or wrong one leaves the running
 * settings as they are and raises an alarm. A temporary mode (`porch mode … --for`) is kept beside the data and ends by itself.
 */
import { existsSync, readFileSync, rmSync, unwatchFile, watchFile } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { AT_START } from '../shared/config.ts'
import type { Parsed } from '../shared/config.ts'
import { withValue } from '../shared/settingsjson.ts'
import type { SettingsJson } from '../shared/settingsjson.ts'
import { editSettingsFile, effective, messageOf, readSettingsFile } from './settingsfile.ts'
import type { ReadSettings } from './settingsfile.ts'
import { createTrustedClock } from './trustedclock.ts'
import { createTurns } from './turns.ts'
import type { TrustedClock } from './trustedclock.ts'
import type { AlarmsPort, Clock, EffectiveSettings, SettingsPort, SettingsSource } from './ports.ts'

/** How often the file is looked at, ms. */
const WATCH_MS = 1000
/** When a copy of the last good settings that could not be kept is tried again, ms. */
const COPY_RETRY_MS = 10_000
/** How long at most until the end of a temporary mode is looked at again (the clock may step meanwhile), ms. */
const MODE_LOOK_MS = 60_000

/** `since`: when it was set, by the same clock as `until`. */
const overrideSchema = z.object({ mode: z.enum(['enforce', 'observe', 'grace']), until: z.number(), since: z.number().optional() })
export type ModeOverride = z.output<typeof overrideSchema>

export interface SettingsDeps {
  readonly file: string
  /** The default file may be missing: practice. A file that was named must exist. */
  readonly mayBeMissing: boolean
  readonly dataDir: string
  readonly clock: Clock
  readonly alarms: AlarmsPort
  readonly copyRetryMs?: number
}

export interface SettingsStore extends SettingsPort {
  readonly source: SettingsSource
  /** Looks at the file now (tests, and after an edit of our own). */
  reload(): void
  /** A help page that took a free port ("port 0"): links name that one from now on. */
  helpListens(url: string): void
  close(): void
}

/** Reads the settings file; `problems` are whole lines, fit for stderr. The file is not touched. */
export function loadEffective(file: string, mayBeMissing: boolean): Parsed<EffectiveSettings> {
  const loaded = load(file, mayBeMissing)
  return loaded.ok ? { ok: true, value: loaded.value.filled } : loaded
}

interface Loaded extends ReadSettings {
  readonly filled: EffectiveSettings
}

function load(file: string, mayBeMissing: boolean): Parsed<Loaded> {
  const read = readSettingsFile(file, mayBeMissing)
  return read.ok ? fill(read.value, file) : read
}

function fill(read: ReadSettings, file: string): Parsed<Loaded> {
  const filled = effective(read.settings, file)
  return filled.ok ? { ok: true, value: { ...read, filled: filled.value } } : filled
}

/** What needs a restart stays as it runs, and what its values entail for other keys; the rest holds from the next connection on. */
function merged(next: Loaded, started: Loaded, file: string): Loaded {
  const kept = fill({
    json: AT_START.reduce<SettingsJson>((json, key) => withValue(json, key, started.json[key]), next.json),
    settings: { ...next.settings, ...Object.fromEntries(AT_START.map((key) => [key, started.settings[key]])) },
  }, file)
  return kept.ok ? kept.value : next
}

export function openSettings(deps: SettingsDeps): Parsed<SettingsStore> {
  const first = load(deps.file, deps.mayBeMissing)
  if (!first.ok) return { ok: false, problems: withLastGood(first.problems, deps.dataDir) }
  return { ok: true, value: new FileSettings(deps, first.value) }
}

class FileSettings implements SettingsStore {
  readonly source: SettingsSource
  readonly #deps: SettingsDeps
  readonly #started: Loaded
  readonly #listeners = new Set<(settings: EffectiveSettings) => void>()
  readonly #watched = new Set<string>()
  #current: Loaded
  #waiting: readonly string[] = []
  #helpPort: string | null = null
  /** `ends`: on the trusted clock, so that a step of the system clock neither ends the mode nor makes it last (RELIABILITY, Faults). */
  #override: { readonly mode: ModeOverride['mode']; readonly ends: number } | null
  readonly #trusted: TrustedClock
  /** A file that was there and is gone is not a wish for the defaults. */
  #mayBeMissing: boolean
  #copyTimer: NodeJS.Timeout | undefined
  #modeTimer: NodeJS.Timeout | undefined
  readonly #changes = createTurns()

  constructor(deps: SettingsDeps, first: Loaded) {
    this.#deps = deps
    this.#started = this.#current = first
    this.#trusted = createTrustedClock(deps.clock, () => undefined)
    this.#override = this.#readOverride()
    this.#mayBeMissing = deps.mayBeMissing && !existsSync(deps.file)
    this.source = {
      file: deps.file,
      named: !deps.mayBeMissing,
      lastGoodFile: lastGoodFile(deps.dataDir),
      running: () => this.#current.json,
      waiting: () => this.#waiting,
      reload: this.reload,
      endTemporaryMode: () => this.#endTemporaryMode(),
      alone: this.#changes.next,
    }
    this.#copy()
    this.#watch()
    this.#watchMode()
  }

  readonly reload = (): void => {
    const { file, alarms } = this.#deps
    const next = load(file, this.#mayBeMissing)
    if (!next.ok) {
      alarms.raise('settings', 'critical', `The settings file cannot be used; the running settings stay. ${next.problems.join('; ')}`)
      return
    }
    alarms.clear('settings')
    this.#mayBeMissing &&= !existsSync(file)
    this.#waiting = AT_START.filter((key) => JSON.stringify(next.value.filled[key]) !== JSON.stringify(this.#started.filled[key]))
    if (this.#waiting.length > 0) alarms.raise('settings-restart', 'warning', `Applied at the next start: ${this.#waiting.join(', ')}`)
    else alarms.clear('settings-restart')
    const before = this.#current
    this.#current = this.#withHelpPort(merged(next.value, this.#started, file))
    this.#watch()
    this.#copy()
    if (JSON.stringify(before.filled) !== JSON.stringify(this.#current.filled)) this.#tell()
  }

  current(): EffectiveSettings {
    return this.#current.filled
  }

  helpListens(url: string): void {
    this.#helpPort = new URL(url).port
    this.#current = this.#withHelpPort(this.#current)
  }

  onChange(listener: (settings: EffectiveSettings) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  mode(): ReturnType<SettingsStore['mode']> {
    const now = this.#trusted.now()
    if (this.#override !== null && this.#override.ends <= now) this.#override = null
    if (this.#override === null) return { mode: this.current().policy.mode, until: null }
    // As the clock on the wall will show it.
    return { mode: this.#override.mode, until: this.#override.ends + this.#trusted.ahead() }
  }

  async setMode(mode: ModeOverride['mode'], forMs: number | null): Promise<boolean> {
    const edited = await this.#changes.next(() => changeMode({ ...this.#deps, lasting: this.current().policy.mode }, mode, forMs))
    if (!edited.ok) throw new Error(edited.problems.join('; '))
    this.#override = this.#readOverride()
    this.#watchMode()
    this.reload()
    this.#tell()
    return edited.value
  }

  close(): void {
    clearTimeout(this.#copyTimer)
    clearTimeout(this.#modeTimer)
    for (const file of this.#watched) unwatchFile(file, this.reload)
  }

  /** The same object as long as the settings are: the gate makes its own of them once for each. */
  #withHelpPort(loaded: Loaded): Loaded {
    const { helpPage } = loaded.filled
    if (this.#helpPort === null || helpPage?.url.endsWith(':0') !== true) return loaded
    return { ...loaded, filled: { ...loaded.filled, helpPage: { ...helpPage, url: `${helpPage.url.slice(0, -1)}${this.#helpPort}` } } }
  }

  #readOverride(): { readonly mode: ModeOverride['mode']; readonly ends: number } | null {
    const override = readOverride(this.#deps.dataDir)
    const now = this.#trusted.now()
    return override === null ? null : { mode: override.mode, ends: now + leftOf(override, now + this.#trusted.ahead()) }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.current())
  }

  #watch(): void {
    const wanted = [this.#deps.file, this.current().domainsFile].filter((file) => file !== undefined)
    for (const file of this.#watched) if (!wanted.includes(file) && this.#watched.delete(file)) unwatchFile(file, this.reload)
    for (const file of wanted) {
      if (this.#watched.has(file)) continue
      this.#watched.add(file)
      watchFile(file, { interval: WATCH_MS, persistent: false }, this.reload)
    }
  }

  #copy(): void {
    clearTimeout(this.#copyTimer)
    // By now the file may have been torn: then the next good one is copied.
    if (!load(this.#deps.file, this.#mayBeMissing).ok || keepLastGood(this.#deps)) return
    this.#copyTimer = setTimeout(() => this.#copy(), this.#deps.copyRetryMs ?? COPY_RETRY_MS).unref()
  }

  /** When a temporary mode is over, those who go by the mode hear of it. */
  #watchMode(): void {
    clearTimeout(this.#modeTimer)
    const { until } = this.mode()
    if (until === null) return
    this.#modeTimer = setTimeout(() => {
      if (this.mode().until === null) this.#tell()
      else this.#watchMode()
    }, Math.min(Math.max(until - this.#deps.clock.now(), 0) + 1, MODE_LOOK_MS)).unref()
  }

  #endTemporaryMode(): void {
    if (this.#override === null) return
    rmSync(overrideFile(this.#deps.dataDir), { force: true })
    this.#override = null
    this.#tell()
  }
}

/** The settings' mode, or a temporary one with its end (ms), as a gate on this data folder would have it. */
export function modeInForce(dataDir: string, mode: ModeOverride['mode'], now: number): { readonly mode: ModeOverride['mode']; readonly until: number | null } {
  const override = readOverride(dataDir)
  const left = override === null ? 0 : leftOf(override, now)
  return override !== null && left > 0 ? { mode: override.mode, until: now + left } : { mode, until: null }
}

/** Sets the mode for good (in the settings file) or until a time (beside the data). Also what the command line does without a gate. */
export async function changeMode(
  deps: { readonly file: string; readonly dataDir: string; readonly clock: Clock; readonly lasting: ModeOverride['mode'] },
  mode: ModeOverride['mode'],
  forMs: number | null,
): Promise<Parsed<boolean>> {
  const file = overrideFile(deps.dataDir)
  // It would return to itself: what held for a while is over, and nothing counts down.
  if (forMs !== null && mode === deps.lasting) {
    rmSync(file, { force: true })
    return { ok: true, value: false }
  }
  if (forMs !== null) {
    await writeFileAtomic(file, JSON.stringify({ mode, until: deps.clock.now() + forMs, since: deps.clock.now() }), { mode: 0o600 })
    return { ok: true, value: true }
  }
  const edited = await editSettingsFile(deps.file, 'policy.mode', mode)
  if (!edited.ok) return edited
  rmSync(file, { force: true })
  return { ok: true, value: false }
}

/** In ms. A clock that was set back since makes it last no longer than it was meant to. */
function leftOf({ until, since }: ModeOverride, now: number): number {
  return Math.min(until - now, since === undefined ? Infinity : until - since)
}

function overrideFile(dataDir: string): string {
  return join(dataDir, 'mode.json')
}

function readOverride(dataDir: string): ModeOverride | null {
  try {
    return overrideSchema.parse(JSON.parse(readFileSync(overrideFile(dataDir), 'utf8')))
  } catch {
    return null
  }
}

function lastGoodFile(dataDir: string): string {
  return join(dataDir, 'porch.last-good.json')
}

/** A copy of the last settings that worked, named when a later start finds the file broken. False: worth another try. */
function keepLastGood(deps: SettingsDeps): boolean {
  try {
    const text = readFileSync(deps.file)
    writeFileAtomic.sync(lastGoodFile(deps.dataDir), text, { mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      deps.alarms.raise('settings-copy', 'warning', `No copy of the settings could be kept: ${messageOf(error)}`)
      return false
    }
  }
  deps.alarms.clear('settings-copy')
  return true
}

function withLastGood(problems: readonly string[], dataDir: string): readonly string[] {
  try {
    readFileSync(lastGoodFile(dataDir))
    return [...problems, `the last settings that worked are kept in ${lastGoodFile(dataDir)}`]
  } catch {
    return problems
  }
}
