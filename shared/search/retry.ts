/**
 * How a refused sender tries again, read from the times of its attempts: a mail server waits longer each time or keeps a steady
 * pace of minutes, a spam program comes once, or hammers.
 */
export type Retry =
  /** No second attempt yet. */
  | { readonly kind: 'once' }
  /** Growing pauses, or steady ones, of minutes to hours. */
  | { readonly kind: 'server'; readonly minutes: readonly number[] }
  /** Half a minute or less from one attempt to the next. */
  | { readonly kind: 'hammering'; readonly seconds: number }
  | { readonly kind: 'irregular'; readonly minutes: readonly number[] }

const SECOND = 1000
const MINUTE = 60 * SECOND
/** Attempts so close together are one: several mails of one queue run. */
const SAME_MS = 45 * SECOND
const HAMMER_MS = 30 * SECOND
const LONGEST_MS = 26 * 60 * MINUTE
/** A pause may be this much shorter than the one before and still count as growing. */
const SLACK = 0.75
const SHOWN = 6

/** `times`: attempts in ms, ascending, the latest ones if there were many. */
export function retryOf(times: readonly number[]): Retry {
  const waits = gaps(runs(times))
  const pauses = gaps(times)
  const [middle = 0] = [...pauses].sort((a, b) => a - b).slice(Math.floor(pauses.length / 2))
  // Several mails in each of several queue runs are no hammering.
  if (pauses.length >= 3 && middle <= HAMMER_MS && waits.length < 2) return { kind: 'hammering', seconds: Math.max(1, Math.round(middle / SECOND)) }
  if (waits.length === 0) return { kind: 'once' }
  const minutes = waits.slice(-SHOWN).map((ms) => Math.max(1, Math.round(ms / MINUTE)))
  return isServer(waits) ? { kind: 'server', minutes } : { kind: 'irregular', minutes }
}

/** Two waits at least; none hammering, none longer than a day; none much shorter than the one before it, or one steady pace. */
function isServer(waits: readonly number[]): boolean {
  if (waits.length < 2 || waits.some((ms) => ms < MINUTE || ms > LONGEST_MS)) return false
  const shrinking = waits.filter((ms, at) => at > 0 && ms < (waits[at - 1] ?? 0) * SLACK).length
  // A second mail that came meanwhile has a queue time of its own: one step back in four is nothing.
  return shrinking <= Math.floor(waits.length / 4)
}

function runs(times: readonly number[]): number[] {
  return times.filter((at, index) => index === 0 || at - (times[index - 1] ?? 0) > SAME_MS)
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((at, index) => at - (times[index] ?? 0))
}
