/**
 * Wall time that a step of the system clock does not move (RELIABILITY, "clock ±1 d, +10 y"): it starts at the wall clock,
 * follows slow drift, and goes on with the monotonic clock where the wall clock jumps. What expires by it keeps its remaining time.
 */
import type { Clock } from './ports.ts'

/** A jump beyond this is a step; less is drift, or a time server at work. */
const STEP_MS = 120_000

export interface TrustedClock {
  /** ms since 1970, by the clock as it was before any step. */
  now(): number
  /** By how much the wall clock is ahead of that, ms; what `now` found last. */
  ahead(): number
}

/** `onStep`: told once per step with how far the wall clock jumped, in ms. */
export function createTrustedClock(clock: Clock, onStep: (jumpMs: number) => void): TrustedClock {
  let wall = clock.now()
  let monotonic = clock.monotonic()
  /** Wall clock minus trusted time. */
  let offset = 0
  return {
    now() {
      const nextMonotonic = clock.monotonic()
      const nextWall = clock.now()
      const jump = nextWall - (wall + (nextMonotonic - monotonic))
      wall = nextWall
      monotonic = nextMonotonic
      if (Math.abs(jump) > STEP_MS) {
        offset += jump
        onStep(jump)
      }
      return nextWall - offset
    },
    ahead: () => offset,
  }
}
