/**
 * Plays the sample senders (cast.ts) against the practice gate, naturally spaced: a round takes some seconds, the retrying
 * one comes again and again. Promises: one round at a time; nothing of it outlives `stop`.
 */
import { setTimeout as after } from 'node:timers/promises'
import type { Clock } from '../ports.ts'
import { CAST } from './cast.ts'
import type { SampleSender } from './cast.ts'
import { visit } from './visit.ts'
import type { Visit } from './visit.ts'

export interface PlayerDeps {
  /** Where the gate takes PROXY headers; asked at each round. */
  readonly target: () => { readonly host: string; readonly port: number }
  readonly clock: Clock
  /** Waits (for tests: not). Rejects when the signal is aborted. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

export interface Player {
  /** One round; settles when the last sender has gone, with what each was told. Joins a round under way. */
  play(): Promise<readonly Visit[]>
  /** `play` without waiting; false if a round is under way already. */
  start(): boolean
  /** Round after round, until `stop`. */
  repeat(): void
  playing(): boolean
  stop(): void
}

const GAP_MS = 350
const ROUND_PAUSE_MS = 20_000

export function createPlayer(deps: PlayerDeps): Player {
  const pause = deps.pause ?? ((ms, signal) => after(ms, undefined, { signal, ref: false }))
  const stopped = new AbortController()
  let round: Promise<readonly Visit[]> | null = null
  let serial = 0

  const play = async (): Promise<readonly Visit[]> => {
    const visits: Promise<Visit>[] = []
    const target = deps.target()
    for (const sender of entrances(CAST)) {
      if (stopped.signal.aborted) break
      serial += 1
      visits.push(visit(sender, { target, now: deps.clock.now(), serial, signal: stopped.signal }))
      await pause(GAP_MS, stopped.signal).catch(() => undefined)
    }
    return Promise.all(visits)
  }

  const join = (): Promise<readonly Visit[]> => {
    round ??= play().finally(() => { round = null })
    return round
  }

  return {
    play: join,
    start() {
      if (round !== null) return false
      void join()
      return true
    },
    repeat() {
      const again = async () => {
        while (!stopped.signal.aborted) {
          await join()
          await pause(ROUND_PAUSE_MS, stopped.signal).catch(() => undefined)
        }
      }
      void again()
    },
    playing: () => round !== null,
    stop: () => { stopped.abort() },
  }
}

/** Everyone once, in order; whoever comes more often returns in between, evenly spread over the rest. */
export function entrances(cast: readonly SampleSender[]): readonly SampleSender[] {
  const order = cast.flatMap((sender, index) =>
    Array.from({ length: sender.attempts }, (_, attempt) => ({ sender, at: index + (attempt * (cast.length - index)) / sender.attempts })))
  return order.sort((one, other) => one.at - other.at).map(({ sender }) => sender)
}
