/** How soon a page whose process died is loaded again. Pure: a page that dies at each load costs little, and still comes back by itself when it can. */

const PAUSES_MS = [0, 1000, 5000, 15_000, 60_000]
/** A page that lived so long begins anew with the shortest pause. */
const WELL_MS = 5 * 60_000

/** `deaths`: on the monotonic clock, ms, oldest first, this one the last. */
export function pauseBeforeReload(deaths: readonly number[]): number {
  const last = deaths.at(-1) ?? 0
  const lately = deaths.filter((at) => last - at < WELL_MS).length
  return PAUSES_MS[Math.min(lately, PAUSES_MS.length) - 1] ?? 0
}

/** Those that still count at `now`. */
export function recentDeaths(deaths: readonly number[], now: number): readonly number[] {
  return deaths.filter((at) => now - at < WELL_MS).slice(-PAUSES_MS.length)
}
