/** Times in words: relative for the list, exact with the zone for the hover, lengths for rules and lookups. Pure: `now` comes in. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export interface Length {
  readonly value: number
  readonly unit: 'second' | 'minute' | 'hour' | 'day'
}

/** The largest unit that fits, whole ones (less than a second counts as none) or rounded otherwise. */
export function lengthOf(ms: number, round: (value: number) => number = Math.floor): Length {
  const size = Math.max(0, ms)
  if (size < MINUTE) return { value: round(size / SECOND), unit: 'second' }
  if (size < HOUR) return { value: round(size / MINUTE), unit: 'minute' }
  if (size < 2 * DAY) return { value: round(size / HOUR), unit: 'hour' }
  return { value: round(size / DAY), unit: 'day' }
}

const EXACT: Intl.DateTimeFormatOptions = {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, timeZoneName: 'short',
}
const DAY_OF_YEAR: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
const TIME_OF_DAY: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' }

/** Formatters cost a hundred times what formatting costs, and rows ask for them by the thousand. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(options: Intl.DateTimeFormatOptions, zone: string | undefined): Intl.DateTimeFormat {
  const key = `${Object.keys(options).join()} ${zone ?? ''}`
  let found = formatters.get(key)
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, ...(zone === undefined ? {} : { timeZone: zone }) })
    formatters.set(key, found)
  }
  return found
}

/** "23 Nov 2026, 16:00:00.123 GMT+1": exact, with the zone named. `zone` for tests; the machine's own otherwise. */
export function exactTime(iso: string, zone?: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : formatter(EXACT, zone).format(date)
}

/** "16:00:00", local; with the day in front if it is not today. */
export function clockTime(ms: number, now: number, zone?: string): string {
  const day = formatter(DAY_OF_YEAR, zone)
  const time = formatter(TIME_OF_DAY, zone).format(ms)
  return day.format(ms) === day.format(now) ? time : `${day.format(ms)}, ${time}`
}

/** "0.012", "8.003": seconds with milliseconds, for the transcript. */
export function offset(ms: number): string {
  return (ms / SECOND).toFixed(3)
}

/** "12 ms", "8.0 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`
  return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`
}
