/** Dates in words, as mail and logs write them in English whatever the machine's language. Pure: the zone comes in. */
export const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** Minutes east of UTC at a moment (ms since 1970) where it is read. */
export type OffsetMinutes = (ms: number) => number

/** "07" */
export function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** "00:03:01" of a Date whose UTC fields are the local ones. */
export function clockText(local: Date): string {
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`
}

/** The local time in a Date's UTC fields, and its zone as "-0600". */
export function localTime(ms: number, offset: OffsetMinutes): { readonly local: Date; readonly zone: string } {
  const minutes = Math.trunc(offset(ms))
  const away = Math.abs(minutes)
  return { local: new Date(ms + minutes * 60_000), zone: `${minutes < 0 ? '-' : '+'}${two(Math.floor(away / 60))}${two(away % 60)}` }
}

/** "Thu, 8 Oct 2026 00:03:01 -0600" (RFC 5322 §3.3). */
export function zonedTime(ms: number, offset: OffsetMinutes): string {
  const { local, zone } = localTime(ms, offset)
  return `${DAYS[local.getUTCDay()] ?? ''}, ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()] ?? ''} ${local.getUTCFullYear()} ${clockText(local)} ${zone}`
}
