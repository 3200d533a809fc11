/** Pausing the gate, as a console asks for it. */
import type { Paused } from '../../shared/api/pause.ts'
import type { ConsoleDeps } from './deps.ts'

export function beginPause({ pause }: Pick<ConsoleDeps, 'pause'>, forMs: number): Paused {
  if (pause === undefined) return { ok: false, problem: 'This gate cannot be paused.' }
  pause.begin(forMs)
  const until = pause.until()
  return { ok: true, until: until === null ? null : new Date(until).toISOString() }
}

export function endPause({ pause }: Pick<ConsoleDeps, 'pause'>): Paused {
  pause?.end()
  return { ok: true, until: null }
}
