/** What is news, and how often it is told. */
import { describe, expect, test } from 'vitest'
import type { DesktopGate } from '../../../shared/api/desktop.ts'
import { BanWatch, gateNews, newsOf } from '../../../electron/shell/news.ts'
import type { News } from '../../../electron/shell/news.ts'
import { Throttle } from '../../../electron/shell/throttle.ts'
import { gateState } from './gatestate.ts'

const SINCE = '2026-11-25T14:03:00.000Z'
const MINUTE = 60_000
const alarm = (code: string, text = 'what happened', severity: 'critical' | 'warning' = 'critical') => ({ code, severity, text, since: SINCE })
const red = { state: 'red', since: SINCE, why: 'Three of four known names fail.', known: 4 } as const
const brief = (news: readonly News[]) => news.map(({ kind, what }) => `${kind} ${what}`)

describe('news', () => {
  test.each<[string, Parameters<typeof newsOf>, string[]]>([
    ['nothing changed', [gateState(), gateState()], []],
    ['our DNS becomes sick', [gateState(), gateState({ canary: red, alarms: [alarm('canary')] })], ['canary bad']],
    ['it stays sick', [gateState({ canary: red }), gateState({ canary: red })], []],
    ['it is well again', [gateState({ canary: red }), gateState()], ['canary good']],
    ['sick from the start', [null, gateState({ canary: red })], ['canary bad']],
    ['the mail server goes', [gateState(), gateState({ alarms: [alarm('backend-down')] })], ['backend bad']],
    ['the mail server comes', [gateState({ alarms: [alarm('backend-down')] }), gateState()], ['backend good']],
    ['a sender is fixed', [gateState(), gateState({ alarms: [alarm('notice-fixed', 'a', 'warning')] })], ['fixed event']],
    ['and another', [gateState({ alarms: [alarm('notice-fixed', 'a', 'warning')] }), gateState({ alarms: [alarm('notice-fixed', 'b', 'warning')] })], ['fixed event']],
    ['the disk is full', [gateState(), gateState({ alarms: [alarm('store-trouble')] })], ['trouble event']],
    ['its text changes', [gateState({ alarms: [alarm('store-trouble', 'a')] }), gateState({ alarms: [alarm('store-trouble', 'b')] })], []],
    ['a mere warning', [gateState(), gateState({ alarms: [alarm('settings-restart', 'x', 'warning')] })], []],
  ])('%s', (_what, states, expected) => expect(brief(newsOf(...states))).toEqual(expected))

  test('what comes from outside is one line, without control or bidirectional characters, and bounded', () => {
    const [news] = newsOf(null, gateState({ alarms: [alarm('trouble', `a\r\nb\u202Ec\u0000${'x'.repeat(1000)}`)] }))
    expect(news?.body).toMatch(/^a b c x+…$/)
    expect(news?.body.length).toBe(240)
  })

  const data = '/data'
  test.each<[string, DesktopGate, DesktopGate, string | null]>([
    ['the service stops', { kind: 'service', data, since: SINCE }, { kind: 'lost', data, since: SINCE, offer: 'own' }, 'bad live'],
    ['only the offer changes', { kind: 'lost', data, since: SINCE, offer: 'own' }, { kind: 'lost', data, since: SINCE, offer: 'held' }, null],
    ['it is there again', { kind: 'lost', data, since: SINCE, offer: 'own' }, { kind: 'service', data, since: SINCE }, 'good live'],
    ['bad settings', { kind: 'starting', data }, { kind: 'off', data, since: SINCE, reason: 'settings', why: 'x' }, 'bad settings'],
    ['a start as usual', { kind: 'starting', data }, { kind: 'own', data }, null],
  ])('%s', (_what, before, after, expected) => {
    const news = gateNews(before, after)
    expect(news === null ? null : `${news.what} ${news.page}`).toBe(expected)
  })

  test('a burst of bans is told once, and again only after it was over', () => {
    const watch = new BanWatch()
    for (let ban = 0; ban < 9; ban += 1) expect(watch.banned(1, ban * 1000)).toBeNull()
    expect(watch.banned(3, 10_000)?.title).toBe('12 senders were banned in ten minutes')
    expect(watch.banned(500, 11_000)).toBeNull()
    expect(watch.banned(1, 20 * MINUTE)).toBeNull()
    expect(watch.banned(9, 20 * MINUTE)?.kind).toBe('bans')
  })
})

describe('the throttle', () => {
  const news = (kind: News['kind'], what: News['what'], title = `${kind} ${what}`): News => ({ kind, what, title, body: '', page: 'live' })

  test('one of a kind in five minutes; what comes meanwhile is one at the end', () => {
    const throttle = new Throttle()
    expect(throttle.offer(news('fixed', 'event'), 0)?.title).toBe('fixed event')
    expect([throttle.offer(news('fixed', 'event'), 1000), throttle.offer(news('fixed', 'event'), 2000)]).toEqual([null, null])
    expect(throttle.nextAt()).toBe(5 * MINUTE)
    expect(throttle.due(5 * MINUTE - 1)).toEqual([])
    expect(throttle.due(5 * MINUTE).map(({ title }) => title)).toEqual(['2 senders have repaired their DNS'])
    expect(throttle.nextAt()).toBeNull()
  })

  test('a server that flaps: only where it stands, and nothing if that was told', () => {
    const throttle = new Throttle()
    expect(throttle.offer(news('backend', 'bad'), 0)).not.toBeNull()
    for (const [at, what] of [[1, 'good'], [2, 'bad'], [3, 'good'], [4, 'bad']] as const) expect(throttle.offer(news('backend', what), at * 1000)).toBeNull()
    expect(throttle.due(6 * MINUTE)).toEqual([])
    expect(throttle.offer(news('backend', 'good'), 7 * MINUTE)?.title).toBe('backend good')
    for (const [at, what] of [[8, 'bad'], [9, 'good'], [10, 'bad']] as const) throttle.offer(news('backend', what), at * MINUTE)
    expect(throttle.due(12 * MINUTE)).toMatchObject([{ title: 'backend bad', body: 'It changed 3 times meanwhile.' }])
  })

  test('that it is well again is no news to who never heard that it was not', () => {
    expect(new Throttle().offer(news('canary', 'good'), 0)).toBeNull()
  })

  test('six in a quarter of an hour in all; the rest comes when there is room', () => {
    const throttle = new Throttle()
    const kinds = ['canary', 'backend', 'fixed', 'bans', 'trouble', 'gate'] as const
    for (const kind of kinds) expect(throttle.offer(news(kind, kind === 'fixed' || kind === 'bans' || kind === 'trouble' ? 'event' : 'bad'), 0)).not.toBeNull()
    expect(throttle.offer(news('trouble', 'event'), 6 * MINUTE)).toBeNull()
    expect([throttle.due(14 * MINUTE), throttle.nextAt()]).toEqual([[], 15 * MINUTE])
    expect(throttle.due(15 * MINUTE)).toHaveLength(1)
  })

  test('a storm of a million shows a handful', () => {
    const throttle = new Throttle()
    let shown = 0
    for (let at = 0; at < 1_000_000; at += 1) shown += throttle.offer(news('trouble', 'event'), at) === null ? 0 : 1
    expect(shown).toBe(4)
  })
})
