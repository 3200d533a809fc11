/** What yesterday would have been like, and the card: when it asks, whom it names first, what is put off, what practice leaves out. */
import { call } from '@orpc/server'
import { describe, expect, test } from 'vitest'
import type { WhatIfEvent } from '../../../shared/api/whatif.ts'
import type { SessionRecord } from '../../../shared/events.ts'
import { notePeriod } from '../../../electron/practice/period.ts'
import { answers, session } from '../../shared/notice/session.ts'
import { SETTINGS, world } from './world.ts'

const DAY = 86_400_000
/** Noon, local: yesterday and today are what they seem wherever this runs. */
const NOON = new Date(2026, 10, 25, 12).getTime()
const OBSERVE = { ...SETTINGS, policy: { mode: 'observe', rules: 'standard' } } as const

function fixedClock(start: number) {
  const clock = { wall: start, now: () => clock.wall, monotonic: () => clock.wall }
  return clock
}

const took = { sender: 'a@b.example', recipients: [{ address: 'joe@shop.example', reply: '250 2.1.5 Ok' }], reply: '250 2.0.0 Ok', bytes: 10 }
let serial = 0
function entry(kind: 'good' | 'pool' | 'none', client: string, at: number, changes: Partial<SessionRecord> = {}) {
  const findings = kind === 'good' ? [] : kind === 'pool' ? ['ehlo-mismatch' as const] : ['ptr-missing' as const]
  const refused = kind === 'none'
  const record = session({
    id: `s${++serial}`, at: new Date(at).toISOString(), client, ehlo: 'mail.good.example', findings, refusedFor: refused ? findings : [], verdict: refused ? 'reject' : 'accept', iprev: refused ? 'permerror' : 'pass',
    verifiedName: refused ? null : `m.${client.replaceAll('.', '-')}.example`, disposition: refused ? 'would-reject' : 'accepted', sender: 'a@b.example', transactions: [took], ...changes,
  })
  const zone = { good: `@ PTR ${record.verifiedName}\n${record.verifiedName} A ${client}\nmail.good.example A ${client}`, pool: `@ PTR ${record.verifiedName}\n${record.verifiedName} A ${client}\nmail.good.example A 192.0.2.99`, none: `mail.good.example A ${client}` }
  return { session: record, evidence: answers(zone[kind], record), transcript: [] }
}

describe('what yesterday would have been like', () => {
  test('sessions and senders by rule set, and who of them has sent accepted mail before', async () => {
    const { router, store } = await world({ settings: OBSERVE, clock: fixedClock(NOON) })
    for (const each of [entry('none', '203.0.113.1', NOON - DAY), entry('none', '203.0.113.1', NOON - DAY + 1), entry('none', '203.0.113.2', NOON - DAY), entry('pool', '203.0.113.3', NOON - DAY),
      entry('good', '203.0.113.2', NOON - 9 * DAY), entry('none', '203.0.113.7', NOON), entry('none', '203.0.113.8', NOON - 2 * DAY)]) store.record(each)
    expect(await call(router.whatIf.wouldHave, undefined)).toMatchObject({
      day: 'yesterday', judged: 4, rules: 'standard',
      sets: { standard: { reject: { sessions: 3, senders: 2 }, correspondents: 1 }, house: { reject: { sessions: 4, senders: 3 } }, lenient: { reject: { sessions: 3, senders: 2 } } },
    })
  })

  test('on the first day: today so far; with nothing at all, nothing', async () => {
    const first = await world({ settings: OBSERVE, clock: fixedClock(NOON) })
    expect(await call(first.router.whatIf.wouldHave, undefined)).toMatchObject({ day: 'today', judged: 0 })
    const second = await world({ settings: OBSERVE, clock: fixedClock(NOON) })
    second.store.record(entry('none', '203.0.113.7', NOON))
    expect(await call(second.router.whatIf.wouldHave, undefined)).toMatchObject({ day: 'today', judged: 1, sets: { standard: { reject: { sessions: 1, senders: 1 } } } })
  })
})

describe('the report', () => {
  test('as a stream: progress, then who changes sides', async () => {
    const { router, store } = await world({ settings: OBSERVE, clock: fixedClock(NOON) })
    for (const each of [entry('pool', '203.0.113.3', NOON - DAY), entry('good', '203.0.113.4', NOON - DAY), entry('pool', '203.0.113.5', NOON - 40 * DAY)]) store.record(each)
    const events: WhatIfEvent[] = []
    for await (const event of await call(router.whatIf.run, { rules: 'house', days: 30 })) events.push(event)
    expect(events.at(-1)).toMatchObject({ kind: 'result', report: { rules: 'house', counts: { judged: 2 }, changes: [{ client: '203.0.113.3', changed: { house: { reject: 1 } }, allowed: false }], leftOff: 0 } })
  })
})

describe('the card', () => {
  /** `days` of observing with as many senders, one session each. */
  const observed = async (days: number, senders: number) => {
    const clock = fixedClock(NOON)
    const parts = await world({ settings: OBSERVE, clock })
    for (let n = 0; n < senders; n++) parts.store.record(entry(n % 10 === 0 ? 'none' : 'good', `198.51.${n >> 8}.${n & 255}`, NOON - (days * DAY * n) / Math.max(1, senders - 1)))
    return { ...parts, clock }
  }

  test.each([[0, 0, 'collecting'], [2, 300, 'collecting'], [5, 199, 'collecting'], [3, 200, 'ready'], [9, 400, 'ready']])('%i days and %i senders: %s', async (days, senders, kind) => {
    const { router } = await observed(days, senders)
    const card = await call(router.whatIf.card, undefined)
    expect(card).toMatchObject({ kind, senders, days })
  })

  test('whom each would have refused, a correspondent first; one click whitelists, and the card knows', async () => {
    const { router, store } = await observed(5, 220)
    store.record(entry('good', '198.51.0.210', NOON - 4 * DAY))
    const card = await call(router.whatIf.card, undefined)
    if (card.kind !== 'ready') throw new Error(card.kind)
    expect(card.sets.standard.reject).toEqual({ sessions: 22, senders: 22 })
    expect(card.sets.standard.refused[0]).toMatchObject({ client: '198.51.0.210', accepted: true, allow: '198.51.0.210', allowed: false })
    await call(router.rules.add, { kind: 'allow', scope: '198.51.0.210', forMs: null, reason: '' })
    const again = await call(router.whatIf.card, undefined)
    expect(again).toMatchObject({ sets: { standard: { refused: [{ client: '198.51.0.210', allowed: true }, { allowed: false }, ...Array.from({ length: 20 }, () => ({}))] } } })
  })

  test('put off for a week, and asked again after it', async () => {
    const { router, clock } = await observed(5, 220)
    expect(await call(router.whatIf.later, { days: 7 })).toMatchObject({ kind: 'ready', laterUntil: new Date(NOON + 7 * DAY).toISOString() })
    clock.wall += 8 * DAY
    expect(await call(router.whatIf.card, undefined)).toMatchObject({ laterUntil: null })
  })

  test('never while practising or enforcing, and what was played counts for nothing', async () => {
    const practice = await world({ settings: { hostname: 'mx.shop.example', policy: { mode: 'observe' } }, clock: fixedClock(NOON) })
    expect(await call(practice.router.whatIf.card, undefined)).toEqual({ kind: 'off' })
    const enforcing = await world({ clock: fixedClock(NOON) })
    expect(await call(enforcing.router.whatIf.card, undefined)).toEqual({ kind: 'off' })
    const { router, store, clock } = await observed(5, 220)
    await notePeriod(store, { ...clock, now: () => NOON - 10 * DAY }, true)
    await notePeriod(store, { ...clock, now: () => NOON - DAY }, false)
    const card = await call(router.whatIf.card, undefined)
    expect(card).toMatchObject({ kind: 'collecting', days: 0 })
    expect(card.kind === 'collecting' && card.senders < 60).toBe(true)
  })
})
