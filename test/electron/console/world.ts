/** A gate's worth of parts around the console: real rules and gathering over stores and name servers in memory. */
import { createRouter } from '../../../electron/console/handlers.ts'
import type { ConsoleDeps, PracticePort } from '../../../electron/console/deps.ts'
import { recheckSession } from '../../../electron/console/recheck.ts'
import { createOffice } from '../../../electron/notice/office.ts'
import { createPasswordKeeper } from '../../../electron/notice/password.ts'
import { createLiveHub } from '../../../electron/console/hub.ts'
import { createTally } from '../../../electron/console/tally.ts'
import { createAlarms } from '../../../electron/alarms.ts'
import { systemClock } from '../../../electron/clock.ts'
import { openLink } from '../../../electron/gate/backend/link.ts'
import { createGatherer } from '../../../electron/dns/gather.ts'
import { effective } from '../../../electron/settingsfile.ts'
import { createStrikes } from '../../../electron/store/strikes.ts'
import { createRules } from '../../../electron/store/rules.ts'
import type { BackendPort, CanaryPort, Clock, GatePort, SettingsPort, SettingsSource } from '../../../electron/ports.ts'
import { parseSettings } from '../../../shared/config.ts'
import type { SettingsInput } from '../../../shared/config.ts'
import type { SessionRecord } from '../../../shared/events.ts'
import { fakeRdap } from '../../fakes/rdap.ts'
import { fakeResolver } from '../../fakes/resolver.ts'
import { createFakeStore } from '../../fakes/store.ts'

export const SETTINGS: SettingsInput = { hostname: 'mx.shop.example', domains: ['shop.example'], backend: '127.0.0.1:2526', listen: ['127.0.0.1:0'], dns: { servers: ['127.0.0.1:53'] } }

function settingsPort(input: SettingsInput, clock: Clock): SettingsPort & { failWith: string | null } {
  const parsed = parseSettings(input)
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  const filled = effective(parsed.value, '/nowhere/porch.json')
  if (!filled.ok) throw new Error(filled.problems.join('; '))
  let mode: ReturnType<SettingsPort['mode']> = { mode: filled.value.policy.mode, until: null }
  const port = {
    failWith: null as string | null,
    current: () => filled.value,
    onChange: () => () => undefined,
    mode: () => mode,
    setMode(next: typeof mode.mode, forMs: number | null) {
      if (port.failWith !== null) return Promise.reject(new Error(port.failWith))
      mode = { mode: next, until: forMs === null ? null : clock.now() + forMs }
      return Promise.resolve(forMs !== null)
    },
  }
  return port
}

/** No file behind the settings: nothing is written. Tests of that use fakes/settingsfile.ts. */
function sourceOf(input: SettingsInput): SettingsSource {
  return {
    file: '/nowhere/porch.json', named: true, lastGoodFile: '/nowhere/porch.last-good.json', running: () => input, waiting: () => [],
    reload: () => undefined, endTemporaryMode: () => undefined, alone: (work) => work(),
  }
}

function gatePort(): GatePort & { open: SessionRecord[] } {
  const gate = {
    open: [] as SessionRecord[],
    addresses: ['127.0.0.1:2525'],
    openConnections: () => gate.open.length,
    room: () => ({ most: 2000, byDescriptors: false, underLoad: false }),
    openSessions: (limit: number) => gate.open.slice(0, limit),
    counters: () => ({ 'early-talk': 2, 'disposition rejected': 1, 'finding ptr-missing': 1 }),
    stop: () => Promise.resolve(),
  }
  return gate
}

const backend: BackendPort = {
  capabilities: () => null,
  health: () => ({ up: true, since: 0, why: null, latencyMs: 4 }),
  connect: () => Promise.resolve({ kind: 'failed', why: 'not here' }),
  close: () => undefined,
}

export const ZONE = `
greetings.example. A 216.33.97.70
`

/** Everything a test may reach into, and the router over it. */
export async function world(options: { readonly settings?: SettingsInput; readonly clock?: Clock; readonly zone?: string; readonly practice?: PracticePort; readonly registries?: Parameters<typeof fakeRdap>[0] } = {}) {
  const clock = options.clock ?? systemClock
  const store = createFakeStore(() => clock.now())
  const resolver = fakeResolver(options.zone ?? ZONE)
  const alarms = createAlarms(clock)
  const settings = settingsPort(options.settings ?? SETTINGS, clock)
  const rules = await createRules({ store, clock })
  const strikes = await createStrikes({ store, rules, clock, alarms, terms: () => settings.current().bans, observing: () => settings.mode().mode === 'observe' })
  rules.onForgiven((scope) => strikes.forgive(scope))
  const gate = gatePort()
  const hub = createLiveHub(clock)
  hub.watchOpen(gate)
  const errors: unknown[] = []
  const rdap = fakeRdap(options.registries ?? {})
  const password = createPasswordKeeper({ dataDir: '/nowhere', settings: () => settings.current(), seal: null })
  const office = await createOffice({
    dataDir: null, store, password: () => password.read(), settings: () => settings.current(), resolver, rdap, clock, alarms, onError: (error) => errors.push(error),
    recheck: (session) => recheckSession(deps, session, true),
  })
  const canary = { health: { state: 'green', since: 0, why: null, known: 3, rounds: { good: 2, bad: 1 } } as ReturnType<CanaryPort['health']> }
  const deps: ConsoleDeps = {
    version: '0.1.0', settingsFile: '/nowhere/porch.json', settingsSource: sourceOf(options.settings ?? SETTINGS), clock, store, rules, strikes, settings, alarms, gate, backend, resolver,
    canary: { isRed: () => canary.health.state === 'red', health: () => canary.health },
    gather: createGatherer(resolver, clock), gatherFor: () => createGatherer(resolver, clock), rdap, desk: office.desk, password, daily: { last: () => null, troubles: () => 0, running: () => false, run: () => Promise.reject(new Error('no doctor here')), close: () => Promise.resolve() }, looked: (result) => office.watch.looked(result), hub, tally: createTally(clock, store), pulse: { delayMs: () => 0 }, practice: options.practice ?? null,
    relaunch: null, openLink, onError: (error) => errors.push(error),
  }
  return { office, clock, store, resolver, alarms, settings, rules, strikes, gate, canary, hub, deps, errors, router: createRouter(deps) }
}
