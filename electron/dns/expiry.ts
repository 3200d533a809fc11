/**
 * One timer for thousands of deadlines. They arrive almost in order (now plus a constant), so a sorted list with its head eaten away is
 * enough; an entry that is no longer needed is marked `done` and skipped. Promises: nothing fires before its time, and nothing is kept after it.
 */
import type { Clock } from '../ports.ts'

export interface Expiring {
  /** Monotonic ms. */
  expiresAt: number
  /** Set by the owner: never fires. */
  done: boolean
}

export class Expiry<T extends Expiring> {
  readonly #clock: Clock
  readonly #expired: (entry: T) => void
  #queue: T[] = []
  #head = 0
  #timer: NodeJS.Timeout | null = null

  constructor(clock: Clock, expired: (entry: T) => void) {
    this.#clock = clock
    this.#expired = expired
  }

  add(entry: T): void {
    const queue = this.#queue
    let at = queue.length
    while (at > this.#head && queue[at - 1]!.expiresAt > entry.expiresAt) at -= 1
    if (at === queue.length) queue.push(entry)
    else queue.splice(at, 0, entry)
    // A timer that is set for a later entry is only wrong when this one became the first.
    if (this.#timer === null || at === this.#head) this.#arm()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#queue = []
    this.#head = 0
  }

  readonly #fire = (): void => {
    this.#timer = null
    const now = this.#clock.monotonic()
    for (let entry = this.#first(); entry !== undefined && entry.expiresAt <= now; entry = this.#first()) {
      this.#head += 1
      entry.done = true
      this.#expired(entry)
    }
    this.#arm()
  }

  /** The first that still matters; what was done before it is let go. */
  #first(): T | undefined {
    const queue = this.#queue
    while (this.#head < queue.length && queue[this.#head]!.done) this.#head += 1
    if (this.#head === queue.length || this.#head > 1024) {
      this.#queue = queue.slice(this.#head)
      this.#head = 0
    }
    return this.#queue[this.#head]
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    const first = this.#first()
    this.#timer = first === undefined ? null : setTimeout(this.#fire, Math.max(1, Math.ceil(first.expiresAt - this.#clock.monotonic())))
  }
}
