/**
 * What a report counts. Sessions, bans and notices are counted by the hour: an hour of UTC, shifted where the gate's zone is not whole
 * hours from it, so that local days always begin with an hour. Counts are named by short words, as they are stored.
 */
import { FINDINGS } from '../events.ts'
import type { Disposition, Finding, Rule, SessionRecord } from '../events.ts'

/** By name of what is counted. */
export type Counts = Readonly<Record<string, number>>

/** Which side of a sender's DNS is wrong: its address's reverse name, its EHLO name, or both; `temporary`: DNS gave no certain answer. */
export const SIDES = ['ptr', 'ehlo', 'both', 'temporary'] as const
export type Side = (typeof SIDES)[number]

/** `spared`: connections of banned clients that were refused at the door. */
export const BAN_EVENTS = ['made-auto', 'made-admin', 'expired', 'lifted', 'spared'] as const
export type BanEvent = (typeof BAN_EVENTS)[number]

export const NOTICE_EVENTS = ['sent', 'unknown', 'answered', 'bounced', 'failed', 'fixed', 'quiet'] as const
export type NoticeCount = (typeof NOTICE_EVENTS)[number]

export const dispositionKey = (disposition: Disposition) => `d:${disposition}`
export const findingKey = (finding: Finding) => `f:${finding}`
export const sideKey = (side: Side) => `s:${side}`
export const banKey = (event: BanEvent) => `b:${event}`
export const noticeKey = (event: NoticeCount) => `n:${event}`

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** The hour that a moment is counted in, as minutes since 1970 of its beginning. `offset`: of the gate's zone, minutes ahead of UTC. */
export function hourOf(ms: number, offset: number): number {
  const shift = (((offset % 60) + 60) % 60) * MINUTE_MS
  return Math.round((Math.floor((ms + shift) / HOUR_MS) * HOUR_MS - shift) / MINUTE_MS)
}

/** The local day, as days since 1970. */
export function dayOf(ms: number, offset: number): number {
  return Math.floor((ms + offset * MINUTE_MS) / 86_400_000)
}

/** Adds one session to the counts of its hour. */
export function countInto(counts: Record<string, number>, session: Pick<SessionRecord, 'disposition' | 'findings'>): void {
  add(counts, dispositionKey(session.disposition), 1)
  for (const finding of session.findings) add(counts, findingKey(finding), 1)
  const side = sideOf(session.findings)
  if (side !== null) add(counts, sideKey(side), 1)
}

export function add(counts: Record<string, number>, key: string, by: number): void {
  counts[key] = (counts[key] ?? 0) + by
}

/** Null: nothing was found. */
export function sideOf(findings: readonly Finding[]): Side | null {
  const ptr = findings.some((finding) => finding.startsWith('ptr-'))
  const ehlo = findings.some((finding) => finding.startsWith('ehlo-'))
  if (ptr && ehlo) return 'both'
  if (ptr) return 'ptr'
  if (ehlo) return 'ehlo'
  return findings.length > 0 ? 'temporary' : null
}

/** What a ban that is put in the place of another (or of none) counts as; null: it is the same one, changed in its words or time. */
export function banMade(rule: Rule, replaced: Pick<Rule, 'since'> | null): BanEvent | null {
  return rule.kind !== 'ban' || replaced?.since === rule.since ? null : rule.by === 'auto' ? 'made-auto' : 'made-admin'
}

/** Removed after its time was over (give or take the sweep that does it), or before. */
export function banEnded(until: string | null, now: number): BanEvent {
  return until !== null && Date.parse(until) <= now + 1000 ? 'expired' : 'lifted'
}

/** Stored counts, whatever stands there: numbers by name. */
export function readCounts(text: string): Record<string, number> {
  const value = JSON.parse(text) as unknown
  return typeof value === 'object' && value !== null ? (value as Record<string, number>) : {}
}

/** Of the findings, those that were counted. */
export function findingsIn(counts: Counts): Readonly<Partial<Record<Finding, number>>> {
  return Object.fromEntries(FINDINGS.flatMap((finding) => (counts[findingKey(finding)] === undefined ? [] : [[finding, counts[findingKey(finding)]]])))
}
