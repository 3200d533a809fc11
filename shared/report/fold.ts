/** Stored counts into a report: hours into the slices of a span, and the span as a whole beside the one before it. Pure. */
import type { Counts } from './count.ts'
import type { TopList } from './top.ts'
import type { Slice, Span } from './span.ts'

/** One stored hour: its beginning in ms since 1970. */
export interface Hour {
  readonly at: number
  readonly counts: Counts
}

export interface ReportSlice extends Slice {
  readonly counts: Counts
}

export interface ReportFigures {
  readonly span: Span
  readonly zone: string
  /** ms since 1970; `until` is outside. */
  readonly from: number
  readonly until: number
  readonly slices: readonly ReportSlice[]
  readonly totals: Counts
  /** The span before. `until`: where the part of it ends that is compared, which is shorter while the span itself is not over. */
  readonly before: { readonly span: Span; readonly from: number; readonly until: number; readonly totals: Counts }
  readonly senders: TopList
  readonly networks: TopList
  /** How long it took from a notice to the repair, ms, ascending. */
  readonly fixedAfter: readonly number[]
  readonly fixedAfterBefore: readonly number[]
  /** The oldest hour that is counted at all; null: nothing is. */
  readonly oldest: number | null
  /** Sessions in the journal that are not counted yet. */
  readonly uncounted: number
}

/** An hour belongs to the slice in which it begins; hours ascending, slices without gaps. */
export function foldHours(hours: Iterable<Hour>, slices: readonly Slice[]): { readonly slices: readonly ReportSlice[]; readonly totals: Counts } {
  const folded = slices.map((slice) => ({ ...slice, counts: {} }))
  const totals: Record<string, number> = {}
  let at = 0
  for (const hour of hours) {
    while (at < folded.length && hour.at >= (folded[at]?.until ?? 0)) at++
    const slice = folded[at]
    if (slice === undefined || hour.at < slice.from) continue
    addAll(slice.counts, hour.counts)
    addAll(totals, hour.counts)
  }
  return { slices: folded, totals }
}

export function addAll(into: Record<string, number>, counts: Counts): void {
  for (const key in counts) into[key] = (into[key] ?? 0) + (counts[key] ?? 0)
}

/** Where the part of the span before ends that is as long as what is over of this one; both ends for spans that are over. */
export function comparedUntil(span: { readonly from: number; readonly until: number }, earlier: { readonly from: number; readonly until: number }, now: number): number {
  return now >= span.until ? earlier.until : Math.max(earlier.from, Math.min(earlier.until, earlier.from + (now - span.from)))
}

/** Of ascending figures; null for none. */
export function median(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2)
}
