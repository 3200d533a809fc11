/**
 * The doctor's round: once a day, some minutes after a start at the earliest and at its own minute; at once when asked. What
 * it found is remembered over restarts; things to do alarm until they are repaired (shared/doctor/change.ts).
 */
import { alarmText, remember, troublesOf } from '../../shared/doctor/change.ts'
import type { Memory } from '../../shared/doctor/change.ts'
import type { CheckUp, DoctorReport } from '../../shared/doctor/report.ts'
import { twoHashes } from '../../shared/hash.ts'
import type { AlarmsPort, Clock, EffectiveSettings, SettingsPort, StorePort } from '../ports.ts'

export interface DailyDeps {
  readonly store: Pick<StorePort, 'get' | 'put'>
  readonly alarms: AlarmsPort
  readonly clock: Clock
  readonly settings: Pick<SettingsPort, 'current' | 'onChange'>
  readonly examine: (signal: AbortSignal, onCheck: (check: CheckUp) => void) => Promise<DoctorReport>
  readonly onError: (error: unknown) => void
  /** Calls `tick` from time to time; returns how to stop. */
  readonly every?: (tick: () => void) => () => void
}

export interface Daily {
  /** The last report, of this run or an earlier one. */
  last(): DoctorReport | null
  troubles(): number
  running(): boolean
  /** Joins a round that is under way. Rejects when `signal` aborts, or when the gate ends; the round itself ends when nobody waits for it. */
  run(signal: AbortSignal, onCheck?: (check: CheckUp) => void): Promise<DoctorReport>
  close(): Promise<void>
}

const KEY = 'doctor'
const DAY_MS = 86_400_000
const TICK_MS = 60_000
const ALARM = 'own-health'
/** After a start, and after settings changed: a gate has better to do at first. */
const SETTLE_MS = 3 * 60_000

interface Kept {
  readonly report: DoctorReport
  readonly memory: Memory
}

interface Round {
  readonly done: Promise<DoctorReport>
  readonly stop: AbortController
  readonly checks: CheckUp[]
  readonly listeners: Set<(check: CheckUp) => void>
  waiting: number
}

export async function createDaily(deps: DailyDeps): Promise<Daily> {
  const { clock, alarms, store, settings } = deps
  let kept = readKept(await store.get(KEY).catch(() => null))
  let round: Round | null = null
  let closed = false
  let stale = false
  /** Monotonic; nothing by itself before. */
  let notBefore = clock.monotonic() + SETTLE_MS + ownMinute(settings.current(), 10)
  const tell = () => {
    const alarm = kept === null ? null : alarmText(kept.memory, clock.now())
    if (alarm === null) alarms.clear(ALARM)
    else alarms.raise(ALARM, alarm.bad ? 'critical' : 'warning', alarm.text)
  }
  const start = (): Round => {
    stale = false
    const stop = new AbortController()
    const checks: CheckUp[] = []
    const listeners = new Set<(check: CheckUp) => void>()
    const done = deps.examine(stop.signal, (check) => {
      checks.push(check)
      for (const listener of listeners) listener(check)
    }).then(async (report) => {
      kept = { report, memory: remember(kept?.memory ?? {}, report) }
      tell()
      await store.put(KEY, kept).catch(() => undefined)
      return report
    }).finally(() => { if (round === begun) round = null })
    // Who waits hears it; if nobody does any more it is no failure.
    done.catch(() => undefined)
    const begun: Round = { done, stop, checks, listeners, waiting: 0 }
    return begun
  }
  const run = async (signal: AbortSignal, onCheck: (check: CheckUp) => void = () => undefined): Promise<DoctorReport> => {
    if (closed) throw new Error('the gate ends')
    const joined = round ??= start()
    for (const check of joined.checks) onCheck(check)
    joined.listeners.add(onCheck)
    joined.waiting += 1
    let leave: () => void = () => undefined
    const left = new Promise<never>((_, reject) => {
      leave = () => { reject(new Error('called off')) }
      signal.addEventListener('abort', leave, { once: true })
      if (signal.aborted) leave()
    })
    try {
      return await Promise.race([joined.done, left])
    } finally {
      signal.removeEventListener('abort', leave)
      joined.listeners.delete(onCheck)
      joined.waiting -= 1
      if (joined.waiting === 0 && round === joined) {
        round = null
        joined.stop.abort()
      }
    }
  }
  const isDue = (): boolean => {
    if (closed || round !== null || clock.monotonic() < notBefore) return false
    const age = kept === null ? Infinity : clock.now() - Date.parse(kept.report.at)
    // One from the future was made by a wrong clock.
    return stale || age < 0 || age >= DAY_MS
  }
  const background = new AbortController()
  const stopTicking = (deps.every ?? everyMinute)(() => {
    if (isDue()) run(background.signal).catch((error: unknown) => { if (!background.signal.aborted) deps.onError(error) })
  })
  const stopListening = settings.onChange(() => {
    // What was found may not hold any more: looked at again soon.
    stale = true
    notBefore = clock.monotonic() + SETTLE_MS
  })
  tell()
  return {
    last: () => kept?.report ?? null,
    troubles: () => (kept === null ? 0 : troublesOf(kept.memory, clock.now()).length),
    running: () => round !== null,
    run,
    async close() {
      closed = true
      stopTicking()
      stopListening()
      background.abort()
      const last = round
      last?.stop.abort()
      await last?.done.catch(() => undefined)
    },
  }
}

/** A few minutes that differ between installations, ms: not all ask their blacklists at the same one. */
function ownMinute({ hostname }: EffectiveSettings, most: number): number {
  return ((twoHashes(hostname).a >>> 0) % (most * 60)) * 1000
}

function everyMinute(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS).unref()
  return () => { clearInterval(timer) }
}

/** Null for what is none (damaged, or of another version). */
function readKept(value: unknown): Kept | null {
  const { report, memory } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Kept>
  const isReport = typeof report === 'object' && report !== null && Array.isArray(report.checks) && !Number.isNaN(Date.parse(report.at))
  return isReport && typeof memory === 'object' && memory !== null ? { report, memory } : null
}
