/**
 * Who came most in a day or month, in bounded memory. Exact as long as no more than MOST_KEPT different ones come; beyond it the rarer
 * half is forgotten into the remainder, and of each that comes (again) later it is kept how much it may have lost: a figure is never
 * too high, and too low by at most that. Who was there all along is exact. A period that is over keeps only the first of its rows.
 */

/** One sender or network: its sessions, how many of them were refused and accepted (or would have been), and how many more it may have had (missing: none). */
export type TopRow = readonly [key: string, sessions: number, refused: number, accepted: number, lost?: number]

export interface StoredTop {
  /** Of all that came. */
  readonly sessions: number
  readonly refused: number
  readonly accepted: number
  /** How many sessions a key without a row may have had. */
  readonly missed: number
  readonly rows: readonly TopRow[]
}

export const MOST_KEPT = 2000
/** Rows that stay when the period is over. */
export const KEPT_OF_DAY = 200
export const KEPT_OF_MONTH = 1000

type Three = [sessions: number, refused: number, accepted: number]

export class TopCounter {
  readonly #rows = new Map<string, { readonly counts: Three; readonly lost: number }>()
  readonly #all: Three = [0, 0, 0]
  #missed = 0

  /** Goes on from what was stored. */
  constructor(stored: StoredTop | null = null) {
    if (stored === null) return
    this.#all = [stored.sessions, stored.refused, stored.accepted]
    this.#missed = stored.missed
    for (const [key, sessions, refused, accepted, lost = 0] of stored.rows) this.#rows.set(key, { counts: [sessions, refused, accepted], lost })
  }

  add(key: string, refused: boolean, accepted: boolean): void {
    let row = this.#rows.get(key)
    if (row === undefined) {
      if (this.#rows.size >= MOST_KEPT) this.#drop(MOST_KEPT / 2)
      row = { counts: [0, 0, 0], lost: this.#missed }
      this.#rows.set(key, row)
    }
    for (const counts of [row.counts, this.#all]) {
      counts[0]++
      if (refused) counts[1]++
      if (accepted) counts[2]++
    }
  }

  /** The largest first, at most `keep`. */
  stored(keep = MOST_KEPT): StoredTop {
    if (this.#rows.size > keep) this.#drop(keep)
    const [sessions, refused, accepted] = this.#all
    return { sessions, refused, accepted, missed: this.#missed, rows: this.#sorted() }
  }

  #sorted(): TopRow[] {
    return [...this.#rows].map(([key, { counts, lost }]): TopRow => (lost === 0 ? [key, ...counts] : [key, ...counts, lost])).sort(bySessions)
  }

  /** Who is dropped may come back, and then counts from 0. What one of them had and lost at most is what a key without a row may have had. */
  #drop(keep: number): void {
    for (const [key, sessions, , , lost = 0] of this.#sorted().slice(keep)) {
      this.#missed = Math.max(this.#missed, sessions + lost)
      this.#rows.delete(key)
    }
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

/** Several periods as one: the `most` largest, and the remainder. */
export function joinTops(periods: readonly StoredTop[], most: number): TopList {
  const sums = new Map<string, { readonly counts: Three; known: number }>()
  const all: Three = [0, 0, 0]
  let missing = 0
  for (const period of periods) {
    addTo(all, period.sessions, period.refused, period.accepted)
    missing += period.missed
    for (const [key, sessions, refused, accepted, lost = 0] of period.rows) {
      let sum = sums.get(key)
      if (sum === undefined) sums.set(key, (sum = { counts: [0, 0, 0], known: 0 }))
      addTo(sum.counts, sessions, refused, accepted)
      sum.known += period.missed - lost
    }
  }
  const rows = [...sums].map(([key, { counts }]): TopRow => [key, ...counts]).sort(bySessions).slice(0, most)
  const listed = (at: 1 | 2 | 3) => rows.reduce((sum, row) => sum + row[at], 0)
  return {
    entries: rows.map(([key, sessions, refused, accepted]) => ({ key, sessions, refused, accepted, atMost: missing - (sums.get(key)?.known ?? 0) })),
    rest: { sessions: all[0] - listed(1), refused: all[1] - listed(2), accepted: all[2] - listed(3) },
  }
}

function addTo(counts: Three, sessions: number, refused: number, accepted: number): void {
  counts[0] += sessions
  counts[1] += refused
  counts[2] += accepted
}
