/** The real clock. Wall time is for what is written down; every timeout is monotonic, so that a clock step harms none. */
import type { Clock } from './ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

/** Minutes east of UTC where the gate runs (shared/calendar.ts, OffsetMinutes). */
export function localOffset(ms: number): number {
  return -new Date(ms).getTimezoneOffset()
}
