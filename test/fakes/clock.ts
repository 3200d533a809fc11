/** A clock that stands still until it is told to move. `at` runs things when their time comes, in order. */
import type { Clock } from '../../electron/ports.ts'

export interface ManualClock extends Clock {
  /** Moves both clocks by `ms` and runs what became due. */
  advance(ms: number): void
  /** Steps the wall clock only, as an administrator or NTP does. */
  step(ms: number): void
  /** Runs `action` once the monotonic clock has reached `time` (at once if it has). Returns how to call it off. */
  at(time: number, action: () => void): () => void
}

export function manualClock(start = Date.UTC(2026, 10, 23, 15, 0, 0)): ManualClock {
  let wall = start
  let monotonic = 1000
  let due: { readonly time: number; readonly action: () => void }[] = []

  const runDue = () => {
    for (;;) {
      const next = due.filter(({ time }) => time <= monotonic).sort((a, b) => a.time - b.time)[0]
      if (next === undefined) return
      due = due.filter((entry) => entry !== next)
      next.action()
    }
  }

  return {
    now: () => wall,
    monotonic: () => monotonic,
    advance(ms) {
      wall += ms
      monotonic += ms
      runDue()
    },
    step(ms) {
      wall += ms
    },
    at(time, action) {
      const entry = { time, action }
      due.push(entry)
      if (time <= monotonic) runDue()
      return () => {
        due = due.filter((other) => other !== entry)
      }
    },
  }
}
