/**
 * What the doctor tells: one finding per thing that was looked at, each with what is wrong, whose job it is, what was asked
 * and answered, and what to type or change. Pure; the asking is in electron/doctor.
 */
import type { Answer } from '../dns/answer.ts'
import type { Finding } from '../golive.ts'
import { visibleText } from '../net/safetext.ts'

/** In the order in which they are shown. */
export const AREAS = ['name', 'mx', 'blacklist', 'dns', 'backend', 'port', 'relay', 'certificate', 'disk', 'store', 'clock', 'version'] as const
export type Area = (typeof AREAS)[number]

/** `todo`: should be repaired; `bad`: mail or safety suffers now; `unknown`: it could not be told (no answer). */
export const LEVELS = ['ok', 'todo', 'bad', 'unknown'] as const
export type Level = (typeof LEVELS)[number]

export interface CheckUp {
  /** Stable: the area, then what it is about ("blacklist zen.spamhaus.org 192.0.2.1"). */
  readonly id: string
  readonly area: Area
  readonly level: Level
  /** One sentence. */
  readonly says: string
  /** What to do, and whose job it is; a hint where the level is ok. */
  readonly todo: string | null
  /** Records, settings or commands to copy. */
  readonly lines: readonly string[]
  /** What DNS was asked for it. */
  readonly answers: readonly Answer[]
  /** What was said over SMTP, or measured: one line each. */
  readonly evidence: readonly string[]
}

export interface DoctorReport {
  /** ISO; when it was done. */
  readonly at: string
  readonly ms: number
  readonly practice: boolean
  readonly version: string
  readonly checks: readonly CheckUp[]
}

type Rest = Partial<Pick<CheckUp, 'lines' | 'answers' | 'evidence'>>

/** What others said in `says`, `lines` and `evidence` is made visible; `todo` is our own words. */
export function checkUp(area: Area, about: string, level: Level, says: string, todo: string | null = null, rest: Rest = {}): CheckUp {
  const shown = (lines: readonly string[] = []) => lines.map((line) => visibleText(line, 1000))
  return { id: about === '' ? area : `${area} ${about}`, area, level, says: visibleText(says, 1000), todo, lines: shown(rest.lines), answers: rest.answers ?? [], evidence: shown(rest.evidence) }
}

/** A finding of the wizard's tests. */
export function fromFinding(area: Area, found: Finding, rest: Rest = {}): CheckUp {
  return { ...checkUp(area, found.id, levelOf(found), found.says, found.todo, { ...rest, lines: found.lines }) }
}

export function levelOf({ state, unsure }: Pick<Finding, 'state' | 'unsure'>): Level {
  if (unsure === true) return 'unknown'
  switch (state) {
    case 'good':
    case 'note': return 'ok'
    case 'warning': return 'todo'
    case 'bad': return 'bad'
  }
}

export function isTrouble({ level }: Pick<CheckUp, 'level'>): boolean {
  return level === 'bad' || level === 'todo'
}

/** Worst first within an area; areas in their order. */
export function inOrder(checks: readonly CheckUp[]): readonly CheckUp[] {
  const rank: Readonly<Record<Level, number>> = { bad: 0, todo: 1, unknown: 2, ok: 3 }
  return [...checks].sort((a, b) => AREAS.indexOf(a.area) - AREAS.indexOf(b.area) || rank[a.level] - rank[b.level])
}

/** "All is in order." or "2 things to do, 1 could not be told." */
export function summaryOf(checks: readonly CheckUp[]): string {
  const count = (level: Level) => checks.filter((check) => check.level === level).length
  const troubles = count('bad') + count('todo')
  const unknown = count('unknown')
  const parts = [
    troubles === 0 ? 'Nothing to do' : troubles === 1 ? '1 thing to do' : `${troubles} things to do`,
    ...(unknown === 0 ? [] : [`${unknown} could not be told`]),
  ]
  return troubles === 0 && unknown === 0 ? 'All is in order.' : `${parts.join(', ')}.`
}
