/** The real clock. Wall time is for what is written down; every timeout is monotonic, so that a clock step harms none. */
import type { Clock } from './ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}
