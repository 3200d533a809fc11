/**
 * From one day's report to the next: what alarms. A thing to do alarms until it is repaired; "could not tell" neither
 * raises nor clears anything, unless it stays so. Pure.
 */
import type { CheckUp, DoctorReport } from './report.ts'

/** So many reports of different days in a row that could not tell are a thing to do by themselves. */
export const UNKNOWN_DAYS = 3
const DAY_MS = 86_400_000

/** What is remembered of one thing. */
export interface Remembered {
  readonly says: string
  readonly level: CheckUp['level']
  /** The last level that was certain, with its words. */
  readonly certain: 'ok' | 'todo' | 'bad' | null
  readonly certainSays: string
  /** Since when it could not be told, ms. */
  readonly unknownSince: number | null
}

export type Memory = Readonly<Record<string, Remembered>>

/** The memory after a report. What a report does not name any more is forgotten, unless its whole area could not be looked at. */
export function remember(before: Memory, report: DoctorReport): Memory {
  const at = Date.parse(report.at)
  const lost = new Set(report.checks.filter(({ id, area, level }) => level === 'unknown' && id === area).flatMap(({ area }): readonly string[] => (area === 'port' ? [area, 'relay'] : [area])))
  const kept = Object.entries(before).filter(([id]) => lost.has(id.split(' ')[0] ?? '') && !lost.has(id))
  const now = report.checks.map((check): [string, Remembered] => {
    const known = before[check.id]
    if (check.level !== 'unknown') return [check.id, { says: check.says, level: check.level, certain: check.level, certainSays: check.says, unknownSince: null }]
    return [check.id, { says: check.says, level: 'unknown', certain: known?.certain ?? null, certainSays: known?.certainSays ?? '', unknownSince: Math.min(known?.unknownSince ?? at, at) }]
  })
  return Object.fromEntries([...kept, ...now])
}

/** What needs the admin, one sentence each, worst first. `now`: ms. */
export function troublesOf(memory: Memory, now: number): readonly { readonly id: string; readonly says: string; readonly bad: boolean }[] {
  const all = Object.entries(memory).flatMap(([id, { says, certain, certainSays, unknownSince }]) => {
    if (certain === 'bad' || certain === 'todo') return [{ id, says: certainSays, bad: certain === 'bad' }]
    if (unknownSince !== null && now - unknownSince >= (UNKNOWN_DAYS - 1) * DAY_MS) return [{ id, says, bad: false }]
    return []
  })
  return all.sort((a, b) => Number(b.bad) - Number(a.bad) || (a.id < b.id ? -1 : 1))
}

/** The alarm's text; null: none. */
export function alarmText(memory: Memory, now: number): { readonly text: string; readonly bad: boolean } | null {
  const troubles = troublesOf(memory, now)
  const [first] = troubles
  if (first === undefined) return null
  const more = troubles.length === 1 ? '' : ` And ${troubles.length - 1} more.`
  return { text: `Own health: ${first.says}${more} The page Own health says what to do.`, bad: first.bad }
}

