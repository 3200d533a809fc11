/**
 * Local time of a named zone, as values: what day and hour a moment belongs to, and when a day begins, whatever daylight saving
 * does to it (a day may have 23, 24 or 25 hours, or begin at 01:00). Zones are IANA names; moments are ms since 1970.
 */

/** A day of the calendar, "2026-11-25". Sorts as text. */
export type LocalDate = string

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** Zones are at most 14 hours off, and no clock is moved by more than a few. */
const FARTHEST_MS = 20 * HOUR_MS

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone)
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    formatters.set(zone, found)
  }
  return found
}

/** How far the zone's clocks are ahead of UTC at a moment, in minutes (rounded: before 1900 some had seconds, too). */
export function offsetAt(zone: string, ms: number): number {
  const part: Record<string, number> = {}
  for (const { type, value } of formatter(zone).formatToParts(ms)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000) / MINUTE_MS)
}

/** `offsetAt`, asked once for each quarter of an hour: clocks are moved at no other moments. Remembers few; for moments that follow one another. */
export function createOffsets(zone: string): (ms: number) => number {
  const known = new Map<number, number>()
  return (ms) => {
    const quarter = Math.floor(ms / (HOUR_MS / 4))
    let offset = known.get(quarter)
    if (offset === undefined) {
      if (known.size >= 1000) known.clear()
      offset = offsetAt(zone, ms)
      known.set(quarter, offset)
    }
    return offset
  }
}

export function localDate(zone: string, ms: number): LocalDate {
  return dateText(ms + offsetAt(zone, ms) * MINUTE_MS)
}

/** Of a moment that is counted as if the zone were UTC. */
function dateText(ms: number): LocalDate {
  return new Date(ms).toISOString().slice(0, 10)
}

/** When the day begins: the first moment at which the zone's clocks show it (or, where they leapt over it, a later day). */
export function startOfDay(zone: string, date: LocalDate): number {
  const noon = Date.parse(`${date}T00:00:00Z`)
  let low = noon - FARTHEST_MS
  let high = noon + FARTHEST_MS
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS
    if (localDate(zone, middle) >= date) high = middle
    else low = middle
  }
  return high
}

/** Whole days later (or, negative, earlier) in the calendar. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dateText(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS)
}

/** Days since 1970 in the calendar, and back. */
export function dayNumber(date: LocalDate): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS)
}

export function dateOfDay(day: number): LocalDate {
  return dateText(day * DAY_MS)
}

/** Whether a text is a day of the calendar between 1970 and 9998. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && dateText(ms) === text && ms >= 0 && text < '9999'
}
