/** Strikes kept by the gate: over restarts, over steps of the clock; and what lifts what. */
import { describe, expect, test } from 'vitest'
import { MAX_SCOPES } from '../../../electron/store/strikes.ts'
import { parseScope } from '../../../shared/gate/scope.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { DAY, HOUR, YEAR, world } from './strikesworld.ts'

describe('a ban', () => {
  test('is earned by enough strikes, holds at once, and says why', async () => {
    const { strike, rules, bans } = await world()
    strike('192.0.2.1', 2)
    expect(bans()).toEqual([])
    strike('192.0.2.1')
    expect(bans()).toEqual(['192.0.2.1 auto 96'])
    expect(rules.list()[0]?.reason).toBe('3 refusals in 60 minutes: no reverse name')
    strike('192.0.2.1', 50)
    expect(bans()).toEqual(['192.0.2.1 auto 96'])
  })

  test('is of the /64 of an IPv6 client, and of one IPv4 address', async () => {
    const { strike, bans } = await world()
    for (const client of ['2001:db8::1', '2001:db8::2', '2001:db8::ffff:1', '192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8:0:1::1']) strike(client)
    expect(bans()).toEqual(['2001:db8::/64 auto 96'])
  })

  test('is not earned by who is banned already, by hand or within a network', async () => {
    const { strike, rules, bans } = await world()
    await rules.add({ kind: 'ban', scope: '192.0.2.0/24', forMs: HOUR, reason: '', by: 'admin' })
    strike('192.0.2.1', 10)
    expect(bans()).toEqual(['192.0.2.0/24 admin 1'])
  })

  test('is longer each time; unbanning begins the count at 0, but not the escalation', async () => {
    const { strike, rules, bans, clock } = await world()
    for (const hours of [96, 192, 384, 768, 768]) {
      strike('192.0.2.1', 2)
      expect(bans()).toEqual([])
      strike('192.0.2.1')
      expect(bans()).toEqual([`192.0.2.1 auto ${hours}`])
      expect(await rules.remove('ban', '192.0.2.1')).toMatchObject({ ok: true })
    }
    clock.advance(90 * DAY)
    strike('192.0.2.1', 3)
    expect(bans()).toEqual(['192.0.2.1 auto 96'])
  })

  test('is suspended in observe mode: nobody earns one', async () => {
    const { strike, bans, mode } = await world()
    mode.observing = true
    strike('192.0.2.1', 10)
    mode.observing = false
    strike('192.0.2.1', 2)
    expect(bans()).toEqual([])
  })

  test('that cannot be written holds all the same, and the admin is told', async () => {
    const { strike, strikes, bans, store, alarms } = await world()
    store.failWith = 'disk full'
    strike('192.0.2.1', 3)
    await strikes.flush()
    expect([bans(), alarms.list().map((alarm) => alarm.code).sort()]).toEqual([['192.0.2.1 auto 96'], ['ban-store', 'strikes']])
    store.failWith = null
    await strikes.flush()
    expect(alarms.list().map((alarm) => alarm.code)).toEqual(['ban-store'])
    expect((await store.loadConduct()).map(([, scope]) => scope)).toEqual(['192.0.2.1'])
  })
})

describe('who forgives', () => {
  const whitelisted = (scope: string) => ({ kind: 'allow', scope, reason: '', by: 'admin' }) as const
  test.each<[string, string, string, boolean]>([
    ['the address', '192.0.2.1', '192.0.2.1', true],
    ['a network around it', '192.0.2.1', '192.0.2.0/24', true],
    ['another network', '192.0.2.1', '192.0.3.0/24', false],
    ['an IPv6 address: its /64', '2001:db8::1', '2001:db8::9', true],
    ['a /56 around it', '2001:db8::1', '2001:db8::/56', true],
    ['a network of the other family', '192.0.2.1', '::/0', false],
    ['a name: nobody knows here who bears it', '192.0.2.1', '.acme.example', false],
  ])('whitelisting %s (%s, %s): %s', async (_, client, scope, forgiven) => {
    const { strike, rules, bans } = await world()
    strike(client, 2)
    await rules.add(whitelisted(scope))
    await rules.remove('allow', scope)
    strike(client)
    expect(bans()).toHaveLength(forgiven ? 0 : 1)
  })

  test('unbanning a network forgives those within', async () => {
    const { strike, rules, bans } = await world()
    strike('192.0.2.1', 2)
    await rules.add({ kind: 'ban', scope: '192.0.2.0/24', reason: '', by: 'admin' })
    await rules.remove('ban', '192.0.2.0/24')
    strike('192.0.2.1', 2)
    expect(bans()).toEqual([])
  })
})

describe('good correspondents', () => {
  test('are suggested, not banned, while mail of the last 30 days was accepted', async () => {
    const { strike, accept, strikes, bans, clock } = await world()
    accept('192.0.2.1')
    clock.advance(30 * DAY - 1)
    strike('192.0.2.1', 3)
    expect([bans(), strikes.earned()]).toEqual([[], [{ scope: '192.0.2.1', earnedAt: clock.now(), acceptedAt: clock.now() + 1 - 30 * DAY }]])
    clock.advance(1)
    strike('192.0.2.1', 3)
    expect([bans(), strikes.earned()]).toEqual([['192.0.2.1 auto 96'], []])
  })

  test('are not suggested any more once mail is accepted again, or the admin forgives', async () => {
    const { strike, accept, strikes } = await world()
    for (const client of ['192.0.2.1', '192.0.2.2']) {
      accept(client)
      strike(client, 3)
    }
    expect(strikes.earned().map(({ scope }) => scope)).toEqual(['192.0.2.1', '192.0.2.2'])
    accept('192.0.2.1')
    const scope = parseScope('allow', '192.0.2.2')
    if (scope.ok) strikes.forgive(scope.scope)
    expect(strikes.earned()).toEqual([])
  })

  test('are not made by mail that observe mode let in', async () => {
    const { strike, accept, bans, mode } = await world()
    mode.observing = true
    accept('192.0.2.1')
    mode.observing = false
    strike('192.0.2.1', 3)
    expect(bans()).toEqual(['192.0.2.1 auto 96'])
  })
})

describe('over a restart', () => {
  test('strikes, steps, suggestions and correspondents are there again', async () => {
    const { strike, accept, rules, reopen } = await world()
    strike('192.0.2.1', 2)
    strike('192.0.2.2', 3)
    await rules.remove('ban', '192.0.2.2')
    accept('192.0.2.3')
    strike('192.0.2.3', 3)
    const again = await reopen()
    expect(again.strikes.earned().map(({ scope }) => scope)).toEqual(['192.0.2.3'])
    again.strike('192.0.2.1')
    again.strike('192.0.2.2', 3)
    again.strike('192.0.2.3', 3)
    expect(again.bans()).toEqual(['192.0.2.1 auto 96', '192.0.2.2 auto 192'])
  })

  test('what is over is forgotten on disk too', async () => {
    const { strike, strikes, clock, store, reopen } = await world()
    strike('192.0.2.1', 2)
    await strikes.flush()
    expect(await store.loadConduct()).toHaveLength(1)
    clock.advance(HOUR)
    const again = await reopen()
    again.strike('192.0.2.1', 2)
    expect(again.bans()).toEqual([])
  })

  test('damaged values count for nothing', async () => {
    const { store, reopen } = await world()
    await store.putConduct([['strikes', '192.0.2.1', '{'], ['strikes', '192.0.2.2', '{"strikes":["x"]}'], ['strikes', '192.0.2.3', 'null'], ['accepted', '192.0.2.4', '"x"'], ['accepted', '192.0.2.5', 'null']])
    const again = await reopen()
    for (let n = 1; n <= 5; n++) again.strike(`192.0.2.${n}`, 2)
    expect(again.bans()).toEqual([])
  })

  test('a store that cannot be read: a warning, and counted anew', async () => {
    const { store, clock } = await world()
    const broken = { ...store, loadConduct: () => Promise.reject(new Error('locked')) }
    const again = await world(clock, broken)
    expect(again.alarms.list().map((alarm) => [alarm.code, alarm.text])).toEqual([['strikes', 'Strikes and good correspondents could not be read, and are counted anew: locked']])
  })
})

describe('a step of the clock', () => {
  test.each([-10 * YEAR, -DAY, DAY, 10 * YEAR])('of %i ms while running changes nothing', async (step) => {
    const { strike, rules, bans, clock } = await world()
    strike('192.0.2.1', 2)
    strike('192.0.2.2', 3)
    clock.step(step)
    strike('192.0.2.1')
    expect(bans().map((ban) => ban.split(' ')[0])).toEqual(['192.0.2.1', '192.0.2.2'])
    clock.advance(4 * DAY - 1)
    expect(rules.match(parseAddress('192.0.2.2')!).ban?.scope).toBe('192.0.2.2')
    clock.advance(1)
    expect([rules.match(parseAddress('192.0.2.1')!).ban, rules.match(parseAddress('192.0.2.2')!).ban]).toEqual([null, null])
  })

  test.each([-10 * YEAR, -DAY])('of %i ms over a restart: strikes count as earned now, and end', async (step) => {
    const first = await world()
    first.strike('192.0.2.1', 2)
    first.strike('192.0.2.2', 2)
    await first.close()
    first.clock.step(step)
    const again = await world(first.clock, first.store)
    again.strike('192.0.2.1')
    again.clock.advance(HOUR)
    again.strike('192.0.2.2')
    expect(again.bans()).toEqual(['192.0.2.1 auto 96'])
  })
})

test('memory is bounded: who was touched longest ago goes first, from the disk as well', async () => {
  const { strike, strikes, store, bans } = await world()
  const nth = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
  strike('192.0.2.1', 2)
  strike('192.0.2.2', 2)
  for (let n = 0; n < MAX_SCOPES - 2; n++) strike(nth(n))
  // Touched once more, so another is the oldest.
  strike('192.0.2.1')
  expect(bans()).toEqual(['192.0.2.1 auto 96'])
  strike(nth(MAX_SCOPES))
  strike('192.0.2.2')
  expect(bans()).toEqual(['192.0.2.1 auto 96'])
  await strikes.flush()
  expect((await store.loadConduct()).length).toBe(MAX_SCOPES)
})
