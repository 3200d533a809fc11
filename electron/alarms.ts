/** What needs the admin, by code: raised once, kept until cleared, told to whoever listens. */
import type { Alarm } from '../shared/events.ts'
import type { AlarmsFeed, Clock } from './ports.ts'

export type Alarms = AlarmsFeed

export function createAlarms(clock: Clock): Alarms {
  const alarms = new Map<string, Alarm>()
  const listeners = new Set<(raised: Alarm | null, cleared: string | null) => void>()
  const tell = (raised: Alarm | null, cleared: string | null) => {
    for (const listener of listeners) listener(raised, cleared)
  }
  return {
    raise(code, severity, text) {
      const known = alarms.get(code)
      if (known?.text === text && known.severity === severity) return
      const alarm = { code, severity, text, since: known?.since ?? new Date(clock.now()).toISOString() }
      alarms.set(code, alarm)
      tell(alarm, null)
    },
    clear(code) {
      if (alarms.delete(code)) tell(null, code)
    },
    list: () => [...alarms.values()],
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
