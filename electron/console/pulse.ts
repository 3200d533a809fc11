/** How late the gate's own work runs: the event loop's delay over the last seconds, told coarsely so that a healthy gate's state stands still. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Pulse {
  /** The 99th percentile of the last whole window, ms, in steps of 10. */
  delayMs(): number
  close(): void
}

const WINDOW_MS = 5000
/** The histogram's timer; what it measures is this and the delay together. */
const SAMPLE_MS = 20
const STEP_MS = 10

export function createPulse(): Pulse {
  const histogram = monitorEventLoopDelay({ resolution: SAMPLE_MS })
  histogram.enable()
  let delay = 0
  const timer = setInterval(() => {
    delay = histogram.count === 0 ? 0 : Math.max(0, Math.floor((histogram.percentile(99) / 1e6 - SAMPLE_MS) / STEP_MS) * STEP_MS)
    histogram.reset()
  }, WINDOW_MS)
  timer.unref()
  return {
    delayMs: () => delay,
    close() {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
