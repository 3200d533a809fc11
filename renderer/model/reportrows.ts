/** A report as rows: what is drawn together, what stands in the tables, and the same as CSV. Pure. */
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import type { Disposition, Finding } from '../../shared/events.ts'
import { csvText } from '../../shared/net/csv.ts'
import { BAN_EVENTS, banKey, dispositionKey, findingKey, NOTICE_EVENTS, noticeKey, SIDES, sideKey } from '../../shared/report/count.ts'
import type { Counts } from '../../shared/report/count.ts'
import type { ReportFigures } from '../../shared/report/fold.ts'
import type { TopList } from '../../shared/report/top.ts'

/** What is drawn as one: the order is that of the stack, from the ground up. */
export const GROUPS = ['accepted', 'refused', 'deferred', 'banned', 'other'] as const
export type Group = (typeof GROUPS)[number]

export function groupOf(disposition: Disposition): Group {
  switch (disposition) {
    case 'accepted': case 'whitelisted': case 'exempt': return 'accepted'
    case 'rejected': case 'would-reject': return 'refused'
    case 'deferred': case 'would-defer': return 'deferred'
    case 'banned': case 'limited': return 'banned'
    case 'bounced-by-backend': case 'aborted': return 'other'
  }
}

export const count = (counts: Counts, key: string) => counts[key] ?? 0

export function groupCount(counts: Counts, group: Group): number {
  return DISPOSITIONS.filter((disposition) => groupOf(disposition) === group).reduce((sum, disposition) => sum + count(counts, dispositionKey(disposition)), 0)
}

export function sessionsIn(counts: Counts): number {
  return DISPOSITIONS.reduce((sum, disposition) => sum + count(counts, dispositionKey(disposition)), 0)
}

/** Dispositions that occur at all. */
export function dispositionsIn(counts: Counts): readonly Disposition[] {
  return DISPOSITIONS.filter((disposition) => count(counts, dispositionKey(disposition)) > 0)
}

/** The most frequent first; those that do not occur are left out. */
export function findingsIn(counts: Counts): readonly (readonly [Finding, number])[] {
  return FINDINGS.map((finding): readonly [Finding, number] => [finding, count(counts, findingKey(finding))]).filter(([, times]) => times > 0).sort((a, b) => b[1] - a[1])
}

/** Whether anything at all was counted. */
export function isEmpty(counts: Counts): boolean {
  return Object.keys(counts).length === 0
}

/** "v acme.example": who a row of the senders is. */
export function senderOf(key: string): { readonly domain: string | null; readonly verified: boolean } {
  return key === '' ? { domain: null, verified: false } : { domain: key.slice(2), verified: key.startsWith('v ') }
}

/** Change in percent; null where there was nothing to compare with. */
export function changeOf(now: number, before: number): number | null {
  return before === 0 ? null : Math.round(((now - before) / before) * 100)
}

/** One row for each slice with all that is counted; times ISO 8601 UTC. */
export function slicesCsv({ slices }: Pick<ReportFigures, 'slices'>): string {
  const keys = [...DISPOSITIONS.map(dispositionKey), ...FINDINGS.map(findingKey), ...SIDES.map(sideKey), ...BAN_EVENTS.map(banKey), ...NOTICE_EVENTS.map(noticeKey)]
  const names: Record<string, string> = { d: 'disposition', f: 'finding', s: 'side', b: 'bans', n: 'notices' }
  const head = ['local', 'from', 'until', 'sessions', ...keys.map((key) => `${names[key.slice(0, 1)] ?? ''} ${key.slice(2)}`)]
  return csvText([head, ...slices.map((slice) => [slice.key, new Date(slice.from).toISOString(), new Date(slice.until).toISOString(), sessionsIn(slice.counts), ...keys.map((key) => count(slice.counts, key))])])
}

/** `rest`: how the last row is called. */
export function topCsv(kind: 'senders' | 'networks', { entries, rest }: TopList, words: { readonly none: string; readonly rest: string }): string {
  const head = kind === 'senders' ? ['sender', 'verified', 'sessions', 'refused', 'accepted', 'perhaps more'] : ['network', 'sessions', 'refused', 'accepted', 'perhaps more']
  const rows = entries.map(({ key, sessions, refused, accepted, atMost }) => {
    const { domain, verified } = senderOf(key)
    const who = kind === 'networks' ? [key] : [domain ?? words.none, domain === null ? '' : verified ? 'yes' : 'no']
    return [...who, sessions, refused, accepted, atMost]
  })
  return csvText([head, ...rows, [words.rest, ...(kind === 'senders' ? [''] : []), rest.sessions, rest.refused, rest.accepted, '']])
}

/** Findings of the span and of the one before. */
export function findingsCsv({ totals, before }: Pick<ReportFigures, 'totals' | 'before'>): string {
  return csvText([['finding', 'sessions', 'before'], ...FINDINGS.map((finding) => [finding, count(totals, findingKey(finding)), count(before.totals, findingKey(finding))])])
}
