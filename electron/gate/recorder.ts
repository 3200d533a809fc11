/**
 * Hands finished sessions to the journal. A session may end before its DNS evidence is there: the record waits for it,
 * bounded in time and in number, and does not wait at all once the gate is being stopped.
 */
import type { JournalEntry } from '../../shared/events.ts'

/** ms; a gathering takes 8 s at most. */
const WAIT_MS = 10_000
const MAX_WAITING = 1000

export class Recorder {
  readonly #record: (entry: JournalEntry) => void
  readonly #trouble: (error: unknown, session: string) => void
  readonly #waiting = new Set<Promise<void>>()
  #stop: () => void = () => undefined
  readonly #stopped = new Promise<void>((resolve) => { this.#stop = resolve })

  constructor(record: (entry: JournalEntry) => void, trouble: (error: unknown, session: string) => void) {
    this.#record = record
    this.#trouble = trouble
  }

  /** `settled`: when all evidence is there. `entry` is asked for after that. */
  finish(settled: Promise<void> | null, entry: () => JournalEntry, session: string): void {
    if (settled === null || this.#waiting.size >= MAX_WAITING) return this.#take(entry, session)
    const done = this.#bounded(settled).then(() => {
      this.#waiting.delete(done)
      this.#take(entry, session)
    })
    this.#waiting.add(done)
  }

  /** Settles when every session that was finished has been recorded. */
  async stop(): Promise<void> {
    this.#stop()
    await Promise.all(this.#waiting)
  }

  async #bounded(settled: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, WAIT_MS) })
    // A gathering that fails is its session's trouble, told there; what is known is recorded.
    await Promise.race([settled.catch(() => undefined), late, this.#stopped])
    clearTimeout(timer)
  }

  #take(entry: () => JournalEntry, session: string): void {
    try {
      this.#record(entry())
    } catch (error) {
      this.#trouble(error, session)
    }
  }
}
