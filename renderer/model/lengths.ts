/** How long something shall hold, as a select box and a text field say it: a preset, or an own length such as 3d. Pure: `now` comes in. */
import { parseDuration } from '../../shared/gate/scope.ts'

/** "3600000", "ever", "keep" (as it is), "morning", or "own:3d". */
export type LengthValue = string

export const EVER = 'ever'
export const KEEP = 'keep'
export const MORNING = 'morning'
const OWN = 'own:'

export const lengthValue = (ms: number | null): LengthValue => (ms === null ? EVER : ms.toString())
export const ownLength = (text: string): LengthValue => `${OWN}${text}`
/** What is typed as an own length; null: it is none. */
export const ownText = (value: LengthValue): string | null => (value.startsWith(OWN) ? value.slice(OWN.length) : null)

/** `ms` undefined: as it is; null: for good. */
export type LengthResult = { readonly ok: true; readonly ms: number | null | undefined } | { readonly ok: false }

export function readLength(value: LengthValue, now: number): LengthResult {
  if (value === EVER) return { ok: true, ms: null }
  if (value === KEEP) return { ok: true, ms: undefined }
  if (value === MORNING) return { ok: true, ms: untilMorning(now) }
  const own = ownText(value)
  if (own === null) return { ok: true, ms: Number(value) }
  const parsed = parseDuration(own.replace(/\s+/g, ''))
  return parsed.ok ? { ok: true, ms: parsed.ms } : { ok: false }
}

const MORNING_HOUR = 8
const LEAST_MS = 4 * 3_600_000

/** To the next eight o'clock, local time, that is some hours away. */
export function untilMorning(now: number): number {
  const morning = new Date(now)
  morning.setHours(MORNING_HOUR, 0, 0, 0)
  while (morning.getTime() - now < LEAST_MS) morning.setDate(morning.getDate() + 1)
  return morning.getTime() - now
}
