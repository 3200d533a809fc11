/** Red alarms by mail: told once when they have stood, once when over; what flaps is folded, and no storm comes of it. */
import { describe, expect, test } from 'vitest'
import { afterClear, afterMail, afterRaise, alarmNews, isMailed, toldBefore } from '../../../shared/notice/redalarms.ts'
import type { LatelyMailed, RedAlarms } from '../../../shared/notice/redalarms.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Plays minutes; `down(minute)`: codes that are red then. One line for each mail. */
function play(minutes: number, down: (minute: number) => readonly string[], from: RedAlarms = new Map()): string[] {
  let alarms = from
  const sent: { at: number; over: readonly string[] }[] = []
  const told: string[] = []
  let before: readonly string[] = []
  for (let minute = 0; minute <= minutes; minute += 0.25) {
    const now = minute * MINUTE
    const codes = down(minute)
    for (const code of codes) if (!before.includes(code)) alarms = afterRaise(alarms, { code, severity: 'critical', text: code, since: new Date(now).toISOString() }, now)
    for (const code of before) if (!codes.includes(code)) alarms = afterClear(alarms, code, now)
    before = codes
    const mailed: LatelyMailed = sent.map(({ at, over }) => ({ age: now - at, over }))
    const news = alarmNews(alarms, mailed, now)
    alarms = afterMail(alarms, news, now)
    if (news === null) continue
    sent.push({ at: now, over: news.over.map(({ code }) => code) })
    told.push(`${minute}: ${[...news.begun.map(({ code }) => `+${code}`), ...news.over.map(({ code }) => `-${code}`)].join(' ')}`)
  }
  return told
}
const between = (from: number, until: number) => (minute: number) => (minute >= from && minute < until ? ['canary'] : [])

describe('one alarm', () => {
  test.each<readonly [string, (minute: number) => readonly string[], readonly string[]]>([
    ['gone within two minutes: no mail', between(1, 2.5), []],
    ['stands: one when it has stood, one when it is over', between(1, 30), ['3: +canary', '35: -canary']],
    ['stands for ever: one', between(1, 1000), ['3: +canary']],
    ['comes back within five minutes: one trouble', (m) => (m < 10 || (m >= 13 && m < 20) ? ['canary'] : []), ['2: +canary', '25: -canary']],
    ['two at once are one mail', (m) => (m < 10 ? ['canary', 'backend-down'] : []), ['2: +canary +backend-down', '15: -canary -backend-down']],
    ['a second one waits for five minutes after the first’s mail', (m) => [...(m < 30 ? ['canary'] : []), ...(m >= 1 && m < 30 ? ['backend-down'] : [])], ['2: +canary', '7: +backend-down', '35: -canary -backend-down']],
    ['comes and goes each minute: begins once, is over once', (m) => (m < 60 && Math.floor(m) % 2 === 0 ? ['canary'] : []), ['2: +canary', '64: -canary']],
  ])('%s', (_, down, mails) => {
    expect(play(120, down)).toEqual(mails)
  })

  test('that comes every twenty minutes for a day is told ever more rarely', () => {
    const mails = play(24 * 60, (minute) => (minute % 20 < 10 ? ['canary'] : []))
    expect(mails.length).toBeLessThanOrEqual(3)
  })

  test('many that come and go all day are twelve mails', () => {
    const mails = play(23 * 60, (minute) => Array.from({ length: 40 }, (_, n) => n).flatMap((n) => (minute >= n * 30 && minute < n * 30 + 10 ? [`c${n}`] : [])))
    expect(mails.length).toBe(12)
  })
})

test.each([['canary', 'critical', true], ['store-torn', 'critical', true], ['certificate', 'critical', true], ['doctor', 'critical', true], ['backend-identity', 'warning', false], ['admin-mail', 'critical', false], ['notice-sending', 'critical', false]] as const)('%s (%s) is mailed: %s', (code, severity, mailed) => {
  expect(isMailed({ code, severity })).toBe(mailed)
})

test('after a restart what was told is not told again, and is told when it is over', () => {
  const told = { code: 'canary', text: 'canary', since: 0 }
  expect(play(60, between(0.5, 30), toldBefore([{ begun: [told], over: [] }], 0))).toEqual(['35: -canary'])
  expect(play(60, () => [], toldBefore([{ begun: [told], over: [] }], 0))).toEqual(['5: -canary'])
  expect(play(60, () => [], toldBefore([{ begun: [told], over: [] }, { begun: [], over: [told] }], 0))).toEqual([])
})

test('the text of a standing alarm may change without another mail', () => {
  const alarm = { code: 'store-dropped', severity: 'critical', since: new Date(0).toISOString() } as const
  let alarms = afterMail(afterRaise(new Map(), { ...alarm, text: '1 session' }, 0), alarmNews(afterRaise(new Map(), { ...alarm, text: '1 session' }, 0), [], 3 * MINUTE), 3 * MINUTE)
  alarms = afterRaise(alarms, { ...alarm, text: '2 sessions' }, HOUR)
  expect(alarmNews(alarms, [], 2 * HOUR)).toBeNull()
})
