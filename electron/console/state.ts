/** The status strip: the gate's state put together from what each part says of itself, and watched for changes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { GateState } from '../../shared/api.ts'
import type { BackendPort, CanaryPort, GatePort } from '../ports.ts'
import type { ConsoleDeps } from './deps.ts'

/** At most two states a second. */
const WATCH_MS = 500

export type StateDeps = Pick<ConsoleDeps, 'version' | 'settings' | 'alarms' | 'gate' | 'backend' | 'canary' | 'store' | 'tally' | 'pulse' | 'practice' | 'daily' | 'pause'>

export function gateState(deps: StateDeps): GateState {
  const settings = deps.settings.current()
  const { mode, until } = deps.settings.mode()
  const { queued, dropped, trouble } = deps.store.stats()
  return {
    version: deps.version,
    hostname: settings.hostname,
    practice: settings.practice,
    addresses: deps.gate.addresses,
    rules: settings.policy.rules,
    mode,
    modeUntil: until === null ? null : isoTime(until),
    modeAfter: settings.policy.mode,
    backend: backendState(settings.backend ?? null, deps.backend),
    canary: canaryState(deps.canary),
    openConnections: deps.gate.openConnections(),
    limits: limitsState(deps.gate, settings.limits.perClient),
    loopDelayMs: deps.pulse.delayMs(),
    perMinute: deps.tally.perMinute(),
    today: deps.tally.today(),
    journal: { queued, dropped, trouble },
    alarms: deps.alarms.list(),
    pausedUntil: pausedUntil(deps),
    practicePlaying: deps.practice?.playing() ?? false,
    ownHealth: { at: deps.daily.last()?.at ?? null, troubles: deps.daily.troubles(), running: deps.daily.running() },
    helpUrl: settings.helpPage?.url ?? null,
  }
}

/** The state now, and again whenever it is another one, until `signal` aborts. */
export async function* watchState(deps: StateDeps, signal: AbortSignal): AsyncGenerator<GateState, void, void> {
  let last = ''
  while (!signal.aborted) {
    const state = gateState(deps)
    const text = JSON.stringify(state)
    if (text !== last) {
      last = text
      yield state
    }
    await sleep(WATCH_MS, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

function pausedUntil({ pause }: StateDeps): string | null {
  const until = pause?.until() ?? null
  return until === null ? null : isoTime(until)
}

/** Null in practice, where the mailbox stands in for a mail server. */
function backendState(address: string | null, backend: BackendPort): GateState['backend'] {
  if (address === null) return null
  const { up, why, latencyMs } = backend.health()
  return { address, up, why, latencyMs }
}

function canaryState(canary: CanaryPort): GateState['canary'] {
  const { state, since, why, known } = canary.health()
  return { state, known, since: since === null ? null : isoTime(since), why }
}

function limitsState(gate: GatePort, perClient: number): GateState['limits'] {
  const counters = gate.counters()
  return { ...gate.room(), perClient, turnedAway: { full: counters['turned away, full'] ?? 0, perClient: counters['turned away, too many from one'] ?? 0 } }
}

/** A time past what Date can say (a mode for 300,000 years) is shown as its last one. */
function isoTime(ms: number): string {
  return new Date(Math.min(ms, 8_640_000_000_000_000)).toISOString()
}
