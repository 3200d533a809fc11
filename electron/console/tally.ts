/**
 * Counts finished sessions as they pass: by disposition and finding since the start (metrics), per minute and per day
 * (status strip). A few additions per session; it never looks at the store except once, for the day so far.
 */
import type { SessionRecord } from '../../shared/events.ts'
import type { Clock, StorePort } from '../ports.ts'

const MINUTE = 60_000
const MINUTES = 60

export interface Tally {
  count(record: SessionRecord): void
  /** Sessions in each of the last 60 minutes, oldest first; the last one is the minute under way. */
  perMinute(): readonly number[]
  /** Since local midnight, with what the store knew of the day when the gate started. */
  today(): Readonly<Record<string, number>>
  /** Since the gate started. */
  byDisposition(): Readonly<Record<string, number>>
  byFinding(): Readonly<Record<string, number>>
}

/** `store` is asked once for the day so far; if it cannot answer, the day starts at 0. */
export function createTally(clock: Clock, store: Pick<StorePort, 'counts'>): Tally {
  const minutes = new Array<number>(MINUTES).fill(0)
  const dispositions: Record<string, number> = {}
  const findings: Record<string, number> = {}
  let minute = Math.floor(clock.now() / MINUTE)
  let midnight = midnightBefore(clock.now())
  let today: Record<string, number> = {}

  const startOfDay = midnight
  store.counts(new Date(startOfDay).toISOString()).then(
    (known) => {
      if (startOfDay !== midnight) return
      for (const [disposition, sessions] of Object.entries(known)) add(today, disposition, sessions)
    },
    () => undefined,
  )

  /** Empties the minutes that have passed since; a clock that stepped back counts on in the minute it left. */
  const advance = () => {
    const now = Math.floor(clock.now() / MINUTE)
    if (now - minute >= MINUTES) minutes.fill(0)
    else for (let next = minute + 1; next <= now; next++) minutes[next % MINUTES] = 0
    minute = Math.max(minute, now)
    const day = midnightBefore(clock.now())
    if (day > midnight) {
      midnight = day
      today = {}
    }
  }

  return {
    count(record) {
      advance()
      minutes[minute % MINUTES] = (minutes[minute % MINUTES] ?? 0) + 1
      add(today, record.disposition, 1)
      add(dispositions, record.disposition, 1)
      for (const finding of record.findings) add(findings, finding, 1)
    },
    perMinute() {
      advance()
      return Array.from({ length: MINUTES }, (_, index) => minutes[(minute + 1 + index) % MINUTES] ?? 0)
    },
    today() {
      advance()
      return { ...today }
    },
    byDisposition: () => ({ ...dispositions }),
    byFinding: () => ({ ...findings }),
  }
}

function add(counts: Record<string, number>, key: string, by: number): void {
  counts[key] = (counts[key] ?? 0) + by
}

function midnightBefore(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0)
}
