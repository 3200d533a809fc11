/**
 * The API while no gate could start, for the desktop's window: the settings file can be looked at, checked and saved, and the state
 * says that nothing listens. Everything else answers that the gate is off; streams that the page opens at once stay silent.
 */
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { implement, ORPCError } from '@orpc/server'
import { api } from '../../shared/api.ts'
import type { GateState } from '../../shared/api.ts'
import { settingsSchema } from '../../shared/config.ts'
import type { Parsed } from '../../shared/config.ts'
import type { SettingsJson } from '../../shared/settingsjson.ts'
import type { Clock, EffectiveSettings, SettingsSource } from '../ports.ts'
import { loadEffective } from '../settings.ts'
import { effective, readSettingsFile } from '../settingsfile.ts'
import { createTurns } from '../turns.ts'
import { VERSION } from '../version.ts'
import type { ConsoleRouter } from './handlers.ts'
import { checkInput, saveInput, viewSettings } from './settings.ts'

export interface OffOptions {
  readonly dataDir: string
  readonly configFile: string | undefined
  readonly clock: Clock
  /** The settings file was saved. */
  readonly saved: () => void
}

export function offRouter(options: OffOptions): ConsoleRouter {
  const os = implement(api)
  const file = options.configFile === undefined ? join(options.dataDir, 'porch.json') : resolve(options.configFile)
  const deps = { settingsSource: sourceOf(options, file), settings: { current: () => settingsNow(file) } as never, store: { counts: () => Promise.resolve({}) }, clock: options.clock }
  const state = () => stateOf(settingsNow(file))
  const router = {
    state: {
      get: os.state.get.handler(state),
      watch: os.state.watch.handler(async function* ({ signal }) {
        yield state()
        await silence(signal)
      }),
    },
    sessions: {
      live: os.sessions.live.handler(async function* ({ signal }) {
        yield { sessions: [], missed: 0 }
        await silence(signal)
      }),
      list: os.sessions.list.handler(() => []),
    },
    rules: { list: os.rules.list.handler(() => []) },
    ruleWork: {
      watch: os.ruleWork.watch.handler(async function* ({ signal }) {
        yield { stage: 'first' as const, total: 0, put: [], gone: [] }
        yield { stage: 'loaded' as const, total: 0, put: [], gone: [] }
        await silence(signal)
      }),
    },
    mode: { set: os.mode.set.handler(() => ({ ok: false as const, problem: 'The gate is off.' })) },
    settings: {
      get: os.settings.get.handler(() => viewSettings(deps)),
      check: os.settings.check.handler(({ input }) => checkInput(deps, input.input)),
      save: os.settings.save.handler(async ({ input }) => {
        const saved = await saveInput(deps, input.input, input.revision)
        if (saved.ok) options.saved()
        return saved
      }),
    },
  }
  // What is not there answers "not found", which every page shows as a call that failed.
  return router as unknown as ConsoleRouter
}

/** Until whoever listens is gone. */
async function silence(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) throw new ORPCError('SERVICE_UNAVAILABLE')
  if (!signal.aborted) await once(signal, 'abort')
}

function sourceOf({ dataDir, configFile }: OffOptions, file: string): SettingsSource {
  return {
    file,
    named: configFile !== undefined,
    lastGoodFile: join(dataDir, 'porch.last-good.json'),
    // Nothing runs; what last did is the nearest to it.
    running: () => lastGood(dataDir),
    waiting: () => [],
    reload: () => undefined,
    endTemporaryMode: () => undefined,
    alone: createTurns().next,
  }
}

function lastGood(dataDir: string): SettingsJson {
  const read = readSettingsFile(join(dataDir, 'porch.last-good.json'), true)
  return read.ok ? read.value.json : {}
}

/** Those of the file where it is in order, else the defaults: only to be shown. */
function settingsNow(file: string): EffectiveSettings {
  const loaded: Parsed<EffectiveSettings> = existsSync(file) ? loadEffective(file, true) : { ok: false, problems: [] }
  if (loaded.ok) return loaded.value
  const filled = effective(settingsSchema.parse({}), file)
  if (!filled.ok) throw new Error(filled.problems.join('; '))
  return filled.value
}

function stateOf({ hostname, policy, practice, limits }: EffectiveSettings): GateState {
  return {
    version: VERSION, hostname, practice, addresses: [], rules: policy.rules, mode: policy.mode, modeUntil: null, modeAfter: policy.mode, backend: null,
    canary: { state: 'off', since: null, why: null, known: 0 }, openConnections: 0,
    limits: { most: limits.connections, byDescriptors: false, perClient: limits.perClient, underLoad: false, turnedAway: { full: 0, perClient: 0 } },
    loopDelayMs: 0, perMinute: [], today: {}, journal: { queued: 0, dropped: 0, trouble: null }, alarms: [], pausedUntil: null, practicePlaying: false, helpUrl: null,
  }
}
