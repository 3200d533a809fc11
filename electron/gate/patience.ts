/**
 * How long a client is waited for (RELIABILITY, SMTP hardening), on the monotonic clock, ms. One object per connection,
 * asked now and then; it has no timer of its own.
 */

/** RFC 5321 §4.5.3.2.7. */
const COMMAND_MS = 300_000
const COMMAND_UNDER_LOAD_MS = 10_000
/** Between transactions, all waits of a connection together. */
const IDLE_MS = 1_200_000
const HANDSHAKE_MS = 30_000
/** DNS and the backend have deadlines of their own; past this one something is broken. */
const ANSWER_MS = 960_000
/** The backend takes no data. */
const STALLED_MS = 600_000
/** The client does not read its replies. */
const DEAF_MS = 300_000
const WINDOW_MS = 60_000
/** 500 octets a second, less what one slow second may shift into the next minute. */
const WINDOW_OCTETS = 27_000

type Waiting = 'banner' | 'command' | 'answer' | 'data' | 'handshake'

export class Patience {
  #waiting: Waiting = 'banner'
  #since: number
  #idle = 0
  #deafSince: number | null = null
  #stalledSince: number | null = null
  /** While data is read; most connections that wait have none under way. */
  #rate: { window: number; windowOctets: number; octets: number; first: boolean } | null = null

  constructor(now: number) {
    this.#since = now
  }

  /** Whom the connection waits for from now on; waiting on for the same thing does not start anew. */
  wait(waiting: Waiting, now: number): void {
    if (waiting === this.#waiting && waiting !== 'command') return
    this.#waiting = waiting
    this.#since = now
  }

  /** A whole command came. */
  heard(now: number): void {
    this.#idle += now - this.#since
  }

  deaf(blocked: boolean, now: number): void {
    if (!blocked) this.#deafSince = null
    else this.#deafSince ??= now
  }

  /** Data begins. */
  message(now: number): void {
    this.#rate = { window: now, windowOctets: 0, octets: 0, first: true }
  }

  received(octets: number): void {
    if (this.#rate !== null) this.#rate.octets = octets
  }

  /** Data is not read because the backend does not take it: the client's time stands still. */
  stalled(stalled: boolean, now: number): void {
    if (stalled) this.#stalledSince = now
    else {
      if (this.#rate !== null) this.#rate.window += now - (this.#stalledSince ?? now)
      this.#stalledSince = null
    }
  }

  /** `slow`: the client's fault; `stuck`: ours or the backend's; `deaf`: nothing can be said to it any more. */
  check(now: number, underLoad: boolean): 'patient' | 'slow' | 'stuck' | 'deaf' {
    if (this.#deafSince !== null) return now - this.#deafSince > DEAF_MS ? 'deaf' : 'patient'
    const waited = now - this.#since
    switch (this.#waiting) {
      case 'banner':
        return 'patient'
      case 'command':
        return waited > (underLoad ? COMMAND_UNDER_LOAD_MS : COMMAND_MS) || this.#idle + waited > IDLE_MS ? 'slow' : 'patient'
      case 'answer':
        return waited > ANSWER_MS ? 'stuck' : 'patient'
      case 'handshake':
        return waited > HANDSHAKE_MS ? 'deaf' : 'patient'
      case 'data':
        if (this.#stalledSince !== null) return now - this.#stalledSince > STALLED_MS ? 'stuck' : 'patient'
        return this.#tooSlow(now) ? 'slow' : 'patient'
    }
  }

  #tooSlow(now: number): boolean {
    const rate = this.#rate
    if (rate === null || now - rate.window < WINDOW_MS) return false
    const slow = !rate.first && rate.octets - rate.windowOctets < WINDOW_OCTETS
    this.#rate = { window: now, windowOctets: rate.octets, octets: rate.octets, first: false }
    return slow
  }
}
