/** Strikes and automatic bans, time by time (POLICY, Bans). */
import { describe, expect, test } from 'vitest'
import type { Finding, SessionRecord } from '../../../shared/events.ts'
import { BLANK, asOf, banLength, banReason, forgiven, isBlank, isGood, isGoodMail, strike } from '../../../shared/gate/ban.ts'
import type { BanTerms, Conduct } from '../../../shared/gate/ban.ts'
import { entryOf } from '../../contract/storecast.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const T0 = Date.parse('2026-11-23T15:00:00Z')
const TERMS: BanTerms = { strikes: 10, windowMinutes: 60, durationHours: 96, maxDurationHours: 768, quietDays: 90 }
const conduct = (more: Partial<Conduct>): Conduct => ({ ...BLANK, ...more })

/** Strikes at these times after T0; what each came to: "." counted, hours of a ban, or "s" suggested. */
function play(times: readonly number[], terms = TERMS, acceptedAt: number | null = null): string {
  let known = BLANK
  return times.map((after) => {
    const { conduct: next, outcome } = strike(known, T0 + after, terms, acceptedAt)
    known = next
    return outcome.kind === 'ban' ? `${outcome.forMs / HOUR}` : outcome.kind === 'suggest' ? 's' : '.'
  }).join(' ')
}
const every = (count: number, ms: number, from = 0) => Array.from({ length: count }, (_, n) => from + n * ms)

describe('how many strikes, how fast', () => {
  test.each<[string, readonly number[], Partial<BanTerms>, string]>([
    ['nine are none too many', every(9, MINUTE), {}, '. . . . . . . . .'],
    ['ten within 60 minutes: 4 days', every(10, MINUTE), {}, '. . . . . . . . . 96'],
    ['ten at once', every(10, 0), {}, '. . . . . . . . . 96'],
    ['ten within a ms less than 60 minutes', [...every(9, 0), HOUR - 1], {}, '. . . . . . . . . 96'],
    ['the first is 60 minutes old: it does not count any more', [0, ...every(8, 0, MINUTE), HOUR, HOUR + 1], {}, '. . . . . . . . . . 96'],
    ['never ten within 60 minutes', every(40, 7 * MINUTE), {}, every(40, 0).map(() => '.').join(' ')],
    ['one strike, if the settings say so', [0, 1], { strikes: 1 }, '96 192'],
    ['another window', [0, 59_999, 120_000], { strikes: 2, windowMinutes: 1 }, '. 96 .'],
  ])('%s', (_, times, terms, outcomes) => {
    expect(play(times, { ...TERMS, ...terms })).toBe(outcomes)
  })
})

describe('escalation', () => {
  test.each([[0, 96], [1, 192], [2, 384], [3, 768], [4, 768], [40, 768], [5000, 768]])('step %i: %i h', (step, hours) => {
    expect(banLength(step, TERMS) / HOUR).toBe(hours)
  })

  test.each<[string, number, number]>([
    ['right after the ban is over', 4 * DAY, 192],
    ['unbanned at once: strikes begin at 0, the step stays', 1, 192],
    ['89 quiet days', 94 * DAY - 1, 192],
    ['90 quiet days after the end of the ban: the first step again', 94 * DAY, 96],
  ])('a second ban %s', (_, after, hours) => {
    const first = strike(conduct({ strikes: every(9, 0, T0) }), T0, TERMS, null)
    expect(first).toEqual({ conduct: { strikes: [], step: 1, quietSince: T0 + 4 * DAY, suggestedAt: null }, outcome: { kind: 'ban', forMs: 4 * DAY } })
    let known = first.conduct
    for (let n = 0; n < 9; n++) known = strike(known, T0 + after, TERMS, null).conduct
    expect(strike(known, T0 + after, TERMS, null).outcome).toEqual({ kind: 'ban', forMs: hours * HOUR })
  })

  test('a strike now and then is not quiet', () => {
    let known = strike(conduct({ strikes: every(9, 0, T0) }), T0, TERMS, null).conduct
    for (let day = 10; day <= 300; day += 80) known = strike(known, T0 + day * DAY, TERMS, null).conduct
    expect(known.step).toBe(1)
  })

  test('forgiven while banned: quiet begins now', () => {
    const banned = conduct({ strikes: [T0], step: 3, quietSince: T0 + 32 * DAY, suggestedAt: T0 })
    expect(forgiven(banned, T0 + DAY)).toEqual({ strikes: [], step: 3, quietSince: T0 + DAY, suggestedAt: null })
    expect(forgiven(conduct({ step: 1, quietSince: T0 }), T0 + DAY)).toEqual(conduct({ step: 1, quietSince: T0 }))
  })
})

describe('good correspondents', () => {
  test.each<[string, number | null, string]>([
    ['never accepted', null, '. 96 .'],
    ['accepted a moment ago', T0 - 1, '. s .'],
    ['accepted just under 30 days ago', T0 + 1 - 30 * DAY + 1, '. s .'],
    ['accepted 30 days ago', T0 - 30 * DAY, '. 96 .'],
    ['accepted in the future (a wrong clock): now', T0 + YEAR, '. s .'],
  ])('%s', (_, acceptedAt, outcomes) => {
    expect(play([0, 1, 2], { ...TERMS, strikes: 2 }, acceptedAt)).toBe(outcomes)
  })

  test('a suggestion is remembered for 30 days, and does not raise the step', () => {
    const { conduct: known } = strike(conduct({ strikes: every(9, 0, T0), step: 1, quietSince: T0 }), T0, TERMS, T0 - DAY)
    expect(known).toEqual({ strikes: [], step: 1, quietSince: T0, suggestedAt: T0 })
    expect(asOf(known, T0 + 30 * DAY - 1, TERMS).suggestedAt).toBe(T0)
    expect(asOf(known, T0 + 30 * DAY, TERMS).suggestedAt).toBeNull()
    expect([isGood(T0, T0 + 30 * DAY - 1), isGood(T0, T0 + 30 * DAY), isGood(null, T0)]).toEqual([true, false, false])
  })

  const to = (reply: string | null, ...recipients: [string, string][]): Partial<SessionRecord> => ({
    transactions: [{ sender: 'a@b.example', recipients: recipients.map(([address, said]) => ({ address, reply: said })), reply, bytes: 1 }],
  })
  const JOE: [string, string] = ['joe@shop.example', '250 2.1.5 Ok']
  test.each<[string, boolean, Partial<SessionRecord>]>([
    ['verdict accept, delivered', true, { verdict: 'accept', disposition: 'accepted', ...to('250 2.0.0 Ok', JOE) }],
    ['whitelisted, whatever the verdict', true, { verdict: 'reject', disposition: 'whitelisted', ...to('250 2.0.0 Ok', JOE) }],
    ['verdict reject, passed to postmaster', false, { verdict: 'reject', disposition: 'accepted', ...to('250 2.0.0 Ok', ['postmaster@shop.example', '250 Ok']) }],
    ['verdict accept, to postmaster only', false, { verdict: 'accept', disposition: 'accepted', ...to('250 2.0.0 Ok', ['PostMaster@shop.example', '250 Ok']) }],
    ['whitelisted, to bare postmaster and abuse only', false, { disposition: 'whitelisted', ...to('250 2.0.0 Ok', ['postmaster', '250 Ok'], ['abuse@shop.example', '250 Ok']) }],
    ['to postmaster and joe', true, { verdict: 'accept', disposition: 'accepted', ...to('250 2.0.0 Ok', ['postmaster@shop.example', '250 Ok'], JOE) }],
    ['joe was refused by the backend', false, { verdict: 'accept', disposition: 'accepted', ...to('250 2.0.0 Ok', ['postmaster@shop.example', '250 Ok'], ['joe@shop.example', '550 no']) }],
    ['the dot was never answered', false, { verdict: 'accept', disposition: 'accepted', ...to(null, JOE) }],
    ['observe mode passed it', false, { verdict: 'reject', disposition: 'would-reject', ...to('250 2.0.0 Ok', JOE) }],
    ['exempt', false, { verdict: null, disposition: 'exempt', ...to('250 2.0.0 Ok', JOE) }],
    ['rejected', false, { verdict: 'reject', disposition: 'rejected', ...to(null, ['joe@shop.example', '550 5.7.25 no']) }],
  ])('%s: %s', (_, good, changes) => {
    expect(isGoodMail(entryOf('x', 0, changes).session)).toBe(good)
  })
})

describe('a clock that was wrong', () => {
  const steps = [-10 * YEAR, -DAY, DAY, 10 * YEAR]
  test.each(steps)('by %i ms: strikes neither count for ever nor ban anyone who does nothing', (step) => {
    const known = asOf(conduct({ strikes: every(9, 0, T0), step: 2, quietSince: T0 + 16 * DAY, suggestedAt: T0 }), T0 + step, TERMS)
    // Back: as if they had been earned now. Ahead: over.
    expect(known.strikes).toEqual(step < 0 ? every(9, 0, T0 + step) : [])
    expect(asOf(known, T0 + step + HOUR, TERMS).strikes).toEqual([])
    expect(known.quietSince).toBeLessThanOrEqual(T0 + step + 32 * DAY)
    expect(asOf(known, T0 + step + 122 * DAY, TERMS)).toMatchObject({ step: 0, suggestedAt: null })
  })

  test('a day ahead frees nobody of the step', () => {
    expect(asOf(conduct({ step: 2, quietSince: T0 }), T0 + DAY, TERMS).step).toBe(2)
  })

  test('nothing to remember', () => {
    expect([isBlank(BLANK), isBlank(conduct({ quietSince: T0 })), isBlank(conduct({ strikes: [T0] })), isBlank(conduct({ step: 1 })), isBlank(conduct({ suggestedAt: T0 }))])
      .toEqual([true, true, false, false, false])
  })
})

test.each<[Partial<BanTerms>, Finding, string]>([
  [{}, 'ptr-missing', '10 refusals in 60 minutes: no reverse name'],
  [{ strikes: 1, windowMinutes: 1 }, 'ehlo-mismatch', '1 refusal in 1 minute: EHLO name leads elsewhere'],
])('why, in words: %j', (terms, finding, words) => {
  expect(banReason({ ...TERMS, ...terms }, finding)).toBe(words)
})
