/** When the digest is due, and what becomes of a letter. */
import { describe, expect, test } from 'vitest'
import { digestDue, lastMorning, stepLetter } from '../../../shared/notice/letter.ts'
import type { Letter } from '../../../shared/notice/letter.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A winter in Denver: MST. */
const west = () => -420
const at = (text: string) => Date.parse(`${text}:00-07:00`)
const told = (...days: readonly string[]) => days.map((day) => ({ day, until: at(`${day}T07:00`) }))

describe('the digest is due', () => {
  test.each<readonly [string, readonly string[], string, string | null]>([
    ['a first start tells nothing', [], '2026-11-25T12:00', 'first'],
    ['before the hour it is not due', ['2026-11-24'], '2026-11-25T06:59', null],
    ['at the hour it is', ['2026-11-24'], '2026-11-25T07:00', '2026-11-25'],
    ['a restart an hour later tells it no second time', ['2026-11-24', '2026-11-25'], '2026-11-25T08:00', null],
    ['a machine asleep over the hour tells it when it wakes', ['2026-11-24'], '2026-11-25T19:30', '2026-11-25'],
    ['even past midnight', ['2026-11-24'], '2026-11-26T03:00', '2026-11-25'],
    ['asleep for three days: once, for the last morning', ['2026-11-22'], '2026-11-25T09:00', '2026-11-25'],
    ['clock set back over the hour: not again', ['2026-11-24', '2026-11-25'], '2026-11-25T06:30', null],
    ['clock set back by a day: not again', ['2026-11-23', '2026-11-24', '2026-11-25'], '2026-11-24T12:00', null],
    ['clock ten years ahead, and back: the next morning as ever', ['2026-11-24', '2036-11-24'], '2026-11-25T07:01', '2026-11-25'],
    ['clock ahead by a day told tomorrow’s: not told tomorrow', ['2026-11-25', '2026-11-26'], '2026-11-26T07:01', null],
  ])('%s', (_, days, now, due) => {
    const found = digestDue(told(...days), at(now), west)
    expect(typeof found === 'object' ? (found?.day ?? null) : found).toBe(due)
  })

  test.each([
    ['2026-11-25T08:00', ['2026-11-24'], '2026-11-24T07:00'],
    ['2026-11-25T08:00', ['2026-11-22'], '2026-11-22T07:00'],
    // Longer than a week: a day of it.
    ['2026-11-25T08:00', ['2026-11-10'], '2026-11-24T07:00'],
    // What was told under a clock that was ahead says nothing of where this one begins.
    ['2026-11-25T08:00', ['2026-11-24', '2036-01-01'], '2026-11-24T07:00'],
    ['2026-11-25T08:00', ['2036-01-01'], '2026-11-24T07:00'],
  ])('at %s after %j it tells of the time from %s', (now, days, from) => {
    expect(digestDue(told(...days), at(now), west)).toEqual({ day: '2026-11-25', from: at(from), until: at('2026-11-25T07:00') })
  })

  test('the morning of the day on which summer time ends is at seven by the clock', () => {
    // 2026-11-01 09:00Z: MDT (-360) becomes MST (-420) at 08:00Z.
    const offset = (ms: number) => (ms < Date.UTC(2026, 10, 1, 8) ? -360 : -420)
    expect(lastMorning(Date.UTC(2026, 10, 1, 20), offset)).toEqual({ day: '2026-11-01', at: Date.UTC(2026, 10, 1, 14) })
    expect(lastMorning(Date.UTC(2026, 10, 1, 13, 30), offset)).toEqual({ day: '2026-10-31', at: Date.UTC(2026, 9, 31, 13) })
  })
})

describe('a letter', () => {
  const QUEUED: Letter = { id: 'digest-2026-11-25', kind: 'digest', state: 'queued', from: 'a@shop.example', to: 'b@shop.example', createdAt: 0, queuedAt: 0, tries: 0, nextTryAt: 0, last: null, day: '2026-11-25', until: 0, begun: [], over: [] }
  test.each<readonly [string, readonly Parameters<typeof stepLetter>[1][], Letter['state']]>([
    ['sent', [{ kind: 'hand-over' }, { kind: 'accepted', reply: '250 ok' }], 'sent'],
    ['not yet', [{ kind: 'hand-over' }, { kind: 'refused', permanent: false, reply: '451' }], 'queued'],
    ['refused', [{ kind: 'hand-over' }, { kind: 'refused', permanent: true, reply: '550' }], 'failed'],
    ['died in that moment: never again', [{ kind: 'hand-over' }, { kind: 'lost', why: 'power' }, { kind: 'hand-over' }, { kind: 'refused', permanent: false, reply: '451' }], 'unknown'],
    ['what is sent stays sent', [{ kind: 'hand-over' }, { kind: 'accepted', reply: '250' }, { kind: 'queue' }, { kind: 'hand-over' }], 'sent'],
    ['a day without a mail is never sent', [{ kind: 'hand-over' }], 'none'],
  ])('%s', (name, events, state) => {
    const from: Letter = name.startsWith('a day without') ? { ...QUEUED, state: 'none', nextTryAt: null } : QUEUED
    expect(events.reduce((letter, event) => stepLetter(letter, event, DAY), from).state).toBe(state)
  })

  test('backs off, and gives up after two days', () => {
    const refused = { kind: 'refused', permanent: false, reply: '451' } as const
    const waits: number[] = []
    let letter = QUEUED
    for (let now = 0; letter.state === 'queued'; now = letter.nextTryAt ?? 0) {
      const before = now
      letter = stepLetter(letter, refused, now)
      if (letter.nextTryAt !== null) waits.push((letter.nextTryAt - before) / 60_000)
    }
    expect([waits.slice(0, 7), letter.state]).toEqual([[5, 15, 30, 60, 120, 240, 240], 'failed'])
  })
})
