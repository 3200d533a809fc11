/**
 * The settings in force. The file is watched: a good change is taken over live, a torn or wrong one leaves the running
 * settings as they are and raises an alarm. A temporary mode (`porch mode … --for`) is kept beside the data and ends by itself.
 */
import { existsSync, readFileSync, rmSync, unwatchFile, watchFile } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { Parsed } from '../shared/config.ts'
import { editSettingsFile, effective, messageOf, readSettingsFile } from './settingsfile.ts'
import type { AlarmsPort, Clock, EffectiveSettings, SettingsPort } from './ports.ts'

/** How often the file is looked at, ms. */
const WATCH_MS = 1000
/** When a copy of the last good settings that could not be kept is tried again, ms. */
const COPY_RETRY_MS = 10_000
/** What only a restart applies. */
const AT_START = ['listen', 'console', 'backend', 'store', 'helpPage'] as const

const overrideSchema = z.object({ mode: z.enum(['enforce', 'observe', 'grace']), until: z.number() })
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
  readonly file: string
  /** Looks at the file now (tests, and after an edit of our own). */
  reload(): void
  close(): void
}

/** Reads the settings file; `problems` are whole lines, fit for stderr. The file is not touched. */
export function loadEffective(file: string, mayBeMissing: boolean): Parsed<EffectiveSettings> {
  const read = readSettingsFile(file, mayBeMissing)
  return read.ok ? effective(read.value.settings, file) : read
}

export function openSettings(deps: SettingsDeps): Parsed<SettingsStore> {
  const first = loadEffective(deps.file, deps.mayBeMissing)
  if (!first.ok) return { ok: false, problems: withLastGood(first.problems, deps.dataDir) }
  const started = first.value
  let current = first.value
  let override = readOverride(deps.dataDir)
  const listeners = new Set<(settings: EffectiveSettings) => void>()
  const tell = () => {
    for (const listener of listeners) listener(current)
  }
  // A file that was there and is gone is not a wish for the defaults.
  let mayBeMissing = deps.mayBeMissing && !existsSync(deps.file)
  let copyTimer: NodeJS.Timeout | undefined
  const copy = () => {
    clearTimeout(copyTimer)
    // By now the file may have been torn: then the next good one is copied.
    if (!loadEffective(deps.file, mayBeMissing).ok || keepLastGood(deps)) return
    copyTimer = setTimeout(copy, deps.copyRetryMs ?? COPY_RETRY_MS).unref()
  }
  const reload = () => {
    const next = loadEffective(deps.file, mayBeMissing)
    if (!next.ok) {
      deps.alarms.raise('settings', 'critical', `The settings file cannot be used; the running settings stay. ${next.problems.join('; ')}`)
      return
    }
    deps.alarms.clear('settings')
    mayBeMissing &&= !existsSync(deps.file)
    const waiting = AT_START.filter((key) => JSON.stringify(next.value[key]) !== JSON.stringify(started[key]))
    if (waiting.length > 0) deps.alarms.raise('settings-restart', 'warning', `Applied at the next start: ${waiting.join(', ')}`)
    else deps.alarms.clear('settings-restart')
    if (JSON.stringify(next.value) === JSON.stringify(current)) return
    // What needs a restart stays as it runs; the rest holds from the next connection on.
    current = { ...next.value, ...Object.fromEntries(AT_START.map((key) => [key, started[key]])), practice: started.practice }
    copy()
    tell()
  }
  copy()
  watchFile(deps.file, { interval: WATCH_MS, persistent: false }, reload)
  if (started.domainsFile !== undefined) watchFile(started.domainsFile, { interval: WATCH_MS, persistent: false }, reload)

  const modeNow = () => {
    if (override !== null && override.until <= deps.clock.now()) override = null
    return override ?? { mode: current.policy.mode, until: null }
  }
  return {
    ok: true,
    value: {
      file: deps.file,
      current: () => current,
      onChange(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      mode: modeNow,
      async setMode(mode, forMs) {
        const edited = await changeMode(deps, mode, forMs)
        if (!edited.ok) throw new Error(edited.problems.join('; '))
        override = readOverride(deps.dataDir)
        reload()
        tell()
      },
      reload,
      close() {
        clearTimeout(copyTimer)
        unwatchFile(deps.file, reload)
        if (started.domainsFile !== undefined) unwatchFile(started.domainsFile, reload)
      },
    },
  }
}

/** The settings' mode, or a temporary one with its end (ms), as a gate on this data folder would have it. */
export function modeInForce(dataDir: string, mode: ModeOverride['mode'], now: number): { readonly mode: ModeOverride['mode']; readonly until: number | null } {
  const override = readOverride(dataDir)
  return override !== null && override.until > now ? override : { mode, until: null }
}

/** Sets the mode for good (in the settings file) or until a time (beside the data). Also what the command line does without a gate. */
export async function changeMode(
  deps: { readonly file: string; readonly dataDir: string; readonly clock: Clock },
  mode: ModeOverride['mode'],
  forMs: number | null,
): Promise<Parsed<null>> {
  const file = overrideFile(deps.dataDir)
  if (forMs !== null) {
    await writeFileAtomic(file, JSON.stringify({ mode, until: deps.clock.now() + forMs }), { mode: 0o600 })
    return { ok: true, value: null }
  }
  const edited = await editSettingsFile(deps.file, ['policy', 'mode'], mode)
  if (!edited.ok) return edited
  rmSync(file, { force: true })
  return { ok: true, value: null }
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
