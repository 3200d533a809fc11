/** One timer for the deadlines of all connections: whoever is watched is asked now and then whether its time is over. */
import type { Clock } from '../ports.ts'

const TICK_MS = 500

export interface Watched {
  /** `now`: monotonic ms. */
  check(now: number): void
}

export class Watch {
  readonly #watched = new Set<Watched>()
  readonly #clock: Clock
  readonly #stop: () => void

  constructor(clock: Clock, ticker: (tick: () => void) => () => void = everyTick) {
    this.#clock = clock
    this.#stop = ticker(() => { this.#tick() })
  }

  /** Monotonic, whole ms (which V8 keeps without an object of its own). */
  now(): number {
    return Math.floor(this.#clock.monotonic())
  }

  add(watched: Watched): void {
    this.#watched.add(watched)
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched)
  }

  /** Time is over for whoever is still there. */
  stop(): void {
    this.#stop()
    for (const watched of this.#watched) watched.check(Infinity)
  }

  #tick(): void {
    const now = this.now()
    // Ten thousand twice a second: for-of would make an object for each, until V8 has optimised it or not (which kept heap.ts from seeing a lull).
    this.#watched.forEach((watched) => { watched.check(now) })
  }
}

function everyTick(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS)
  timer.unref()
  return () => { clearInterval(timer) }
}
