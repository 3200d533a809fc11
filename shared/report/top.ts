/**
 * Who came most on one day, in bounded memory. Exact as long as no more than MOST_KEPT different ones come; beyond it the rarer half
 * is forgotten into the remainder, and how much that may be for one of them is kept: a figure is never too high, and too low by at
 * most `missed`. A day that is over keeps its first KEPT_AFTER, whose figures stay as they were.
 */

/** One sender or network: its sessions, and how many of them were refused and accepted (or would have been). */
export type TopRow = readonly [key: string, sessions: number, refused: number, accepted: number]

export interface DayTop {
  /** Of all that came. */
  readonly sessions: number
  readonly refused: number
  readonly accepted: number
  /** How many sessions of one key may be missing in its row, or if it has none. */
  readonly missed: number
  /** How many more a key without a row may have had: what the day's end cut off. */
  readonly cut: number
  readonly rows: readonly TopRow[]
}

export const MOST_KEPT = 2000
export const KEPT_AFTER = 100

export class TopCounter {
  readonly #rows = new Map<string, [sessions: number, refused: number, accepted: number]>()
  readonly #all: [number, number, number] = [0, 0, 0]
  #missed = 0
  #cut = 0

  /** Goes on from what was stored. */
  constructor(stored: DayTop | null = null) {
    if (stored === null) return
    this.#all = [stored.sessions, stored.refused, stored.accepted]
    this.#missed = stored.missed
    this.#cut = stored.cut
    for (const [key, ...counts] of stored.rows) this.#rows.set(key, [...counts])
  }

  add(key: string, refused: boolean, accepted: boolean): void {
    let row = this.#rows.get(key)
    if (row === undefined) {
      if (this.#rows.size >= MOST_KEPT) this.#missed += this.#drop(MOST_KEPT / 2)
      // It may be one that the day's end cut off.
      this.#missed += this.#cut
      this.#cut = 0
      row = [0, 0, 0]
      this.#rows.set(key, row)
    }
    for (const counts of [row, this.#all]) {
      counts[0]++
      if (refused) counts[1]++
      if (accepted) counts[2]++
    }
  }

  /** The largest first. `over`: the day is over. */
  stored(over: boolean): DayTop {
    if (over && this.#rows.size > KEPT_AFTER) this.#cut = Math.max(this.#cut, this.#drop(KEPT_AFTER))
    const [sessions, refused, accepted] = this.#all
    return { sessions, refused, accepted, missed: this.#missed, cut: this.#cut, rows: this.#sorted() }
  }

  #sorted(): TopRow[] {
    return [...this.#rows].map(([key, counts]): TopRow => [key, ...counts]).sort(bySessions)
  }

  /** Who is dropped may come back, and then counts from 0. Returns the most that one of them had. */
  #drop(keep: number): number {
    const dropped = this.#sorted().slice(keep)
    for (const [key] of dropped) this.#rows.delete(key)
    return dropped[0]?.[1] ?? 0
  }
}

function bySessions(a: TopRow, b: TopRow): number {
  return b[1] - a[1] || (a[0] < b[0] ? -1 : 1)
}

export interface TopEntry {
  readonly key: string
  readonly sessions: number
  readonly refused: number
  readonly accepted: number
  /** So many more sessions it may have had; 0: the figures are exact. */
  readonly atMost: number
}

export interface TopList {
  readonly entries: readonly TopEntry[]
  /** All that came but are not listed, in sessions. */
  readonly rest: { readonly sessions: number; readonly refused: number; readonly accepted: number }
}

/** Several days as one: the `most` largest, and the remainder. */
export function joinTops(days: readonly DayTop[], most: number): TopList {
  const sums = new Map<string, { counts: [number, number, number]; known: number }>()
  const all: [number, number, number] = [0, 0, 0]
  let missing = 0
  for (const day of days) {
    all[0] += day.sessions
    all[1] += day.refused
    all[2] += day.accepted
    missing += day.missed + day.cut
    for (const [key, ...counts] of day.rows) {
      let sum = sums.get(key)
      if (sum === undefined) sums.set(key, (sum = { counts: [0, 0, 0], known: 0 }))
      for (const at of [0, 1, 2] as const) sum.counts[at] += counts[at]
      sum.known += day.cut
    }
  }
  const rows = [...sums].map(([key, { counts }]): TopRow => [key, ...counts]).sort(bySessions).slice(0, most)
  const listed = (at: 1 | 2 | 3) => rows.reduce((sum, row) => sum + row[at], 0)
  return {
    entries: rows.map(([key, sessions, refused, accepted]) => ({ key, sessions, refused, accepted, atMost: missing - (sums.get(key)?.known ?? 0) })),
    rest: { sessions: all[0] - listed(1), refused: all[1] - listed(2), accepted: all[2] - listed(3) },
  }
}
