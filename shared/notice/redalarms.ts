/**
 * Which red alarms are mailed, and when (issue 5): one that has stood for a short while is told once, and once more when it is over. What
 * comes and goes is one trouble; the more often, the longer it must be quiet before it counts as over. Pure. Times of standing are
 * monotonic ms, so that no clock step hurries or delays them.
 */
import type { Alarm } from '../events.ts'
import type { Told } from './letter.ts'

/** A restart of the mail server, a router that reboots: not worth a mail. */
const STAND_MS = 2 * 60_000
/** So long it must be gone to be over, doubled for each time it was over within the last day. */
const QUIET_MS = 5 * 60_000
const MOST_QUIET_MS = 6 * 3_600_000
/** Between two mails, and in a day: the rest waits, and stands in the digest. */
const GAP_MS = 5 * 60_000
const MOST_A_DAY = 12
const DAY = 86_400_000
/** The mail's own troubles: told in the console only, or they would breed. */
const OF_THE_MAIL = ['notice-sending', 'notices', 'admin-mail']

export interface RedAlarm extends Told {
  readonly raised: boolean
  /** When this trouble began, and when it last came or went. */
  readonly begunAt: number
  readonly changedAt: number
  /** How often it came. */
  readonly times: number
  readonly told: boolean
}

export type RedAlarms = ReadonlyMap<string, RedAlarm>

/** Whether an alarm is one to be mailed at all. */
export function isMailed({ code, severity }: Pick<Alarm, 'code' | 'severity'>): boolean {
  return severity === 'critical' && !OF_THE_MAIL.includes(code)
}

export function afterRaise(alarms: RedAlarms, alarm: Alarm, monotonic: number): RedAlarms {
  if (!isMailed(alarm)) return alarms
  const known = alarms.get(alarm.code)
  const next: RedAlarm = known === undefined
    ? { code: alarm.code, text: alarm.text, since: Date.parse(alarm.since), raised: true, begunAt: monotonic, changedAt: monotonic, times: 1, told: false }
    : { ...known, text: alarm.text, raised: true, changedAt: known.raised ? known.changedAt : monotonic, times: known.raised ? known.times : known.times + 1 }
  return new Map(alarms).set(alarm.code, next)
}

export function afterClear(alarms: RedAlarms, code: string, monotonic: number): RedAlarms {
  const known = alarms.get(code)
  return known?.raised === true ? new Map(alarms).set(code, { ...known, raised: false, changedAt: monotonic }) : alarms
}

/** What former letters told, after a restart: whether it still stands is seen soon. `letters`: oldest first. */
export function toldBefore(letters: readonly { readonly begun: readonly Told[]; readonly over: readonly Told[] }[], monotonic: number): RedAlarms {
  const alarms = new Map<string, RedAlarm>()
  for (const { begun, over } of letters) {
    for (const told of begun) alarms.set(told.code, { ...told, raised: false, begunAt: monotonic, changedAt: monotonic, times: 1, told: true })
    for (const { code } of over) alarms.delete(code)
  }
  return alarms
}

/** Letters about alarms of the last day. `ages`: ms ago each; `over`: codes that each said are over. */
export type LatelyMailed = readonly { readonly age: number; readonly over: readonly string[] }[]

export interface AlarmNews {
  readonly begun: readonly RedAlarm[]
  readonly over: readonly RedAlarm[]
}

/** What should be mailed now; null: nothing, or not yet. */
export function alarmNews(alarms: RedAlarms, mailed: LatelyMailed, monotonic: number): AlarmNews | null {
  const lately = mailed.filter(({ age }) => age < DAY)
  if (lately.length >= MOST_A_DAY || lately.some(({ age }) => age < GAP_MS)) return null
  const each = [...alarms.values()]
  const begun = each.filter(({ told, raised, begunAt }) => !told && raised && monotonic - begunAt >= STAND_MS)
  const over = each.filter(({ code, told, raised, changedAt }) => told && !raised && monotonic - changedAt >= quietFor(code, lately))
  return begun.length + over.length === 0 ? null : { begun, over }
}

function quietFor(code: string, lately: LatelyMailed): number {
  const times = lately.filter(({ over }) => over.includes(code)).length
  return Math.min(QUIET_MS * 2 ** times, MOST_QUIET_MS)
}

/** After that was mailed; and without those that came and went before they had to be told. */
export function afterMail(alarms: RedAlarms, news: AlarmNews | null, monotonic: number): RedAlarms {
  const begun = new Set(news?.begun.map(({ code }) => code))
  const over = new Set(news?.over.map(({ code }) => code))
  const kept = [...alarms].flatMap(([code, alarm]): (readonly [string, RedAlarm])[] => {
    if (over.has(code)) return []
    if (!alarm.told && !alarm.raised && monotonic - alarm.changedAt >= STAND_MS) return []
    return [[code, begun.has(code) ? { ...alarm, told: true } : alarm]]
  })
  return new Map(kept)
}
