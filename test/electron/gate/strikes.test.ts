/** Strikes kept by the gate: over real sessions, over restarts, over steps of the clock; and what lifts what. */
import { afterEach, describe, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { MAX_SCOPES, createStrikes } from '../../../electron/gate/strikes.ts'
import { createRules } from '../../../electron/store/rules.ts'
import type { BanTerms } from '../../../shared/gate/ban.ts'
import { parseScope } from '../../../shared/gate/scope.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { entryOf } from '../../contract/store.ts'
import { Client } from '../../dialogues/play.ts'
import { manualClock } from '../../fakes/clock.ts'
import { fakeSettings, startGate } from '../../fakes/gate.ts'
import type { TestGate } from '../../fakes/gate.ts'
import { createFakeStore } from '../../fakes/store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const TERMS: BanTerms = { strikes: 3, windowMinutes: 60, durationHours: 96, maxDurationHours: 768, quietDays: 90 }

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function world(clock = manualClock(), store = createFakeStore(() => clock.now())) {
  const alarms = createAlarms(clock)
  const rules = await createRules({ store, clock, alarms })
  const mode = { observing: false }
  const strikes = await createStrikes({ store, rules, clock, alarms, terms: () => TERMS, observing: () => mode.observing })
  rules.onForgiven((scope) => strikes.forgive(scope))
  const close = async () => {
    await strikes.close()
    await rules.close()
  }
  open.push(close)
  const strike = (client: string, times = 1) => {
    for (let n = 0; n < times; n++) strikes.strike(parseAddress(client)!, 'ptr-missing')
  }
  /** "192.0.2.1 auto 96" for each ban: how many hours it has left. */
  const bans = () => rules.list().filter((rule) => rule.kind === 'ban').map((rule) => `${rule.scope} ${rule.by} ${rule.until === null ? 'ever' : (Date.parse(rule.until) - Date.parse(rule.since)) / HOUR}`).sort()
  const accept = (client: string) => strikes.finished(entryOf('x', 0, {
    client, disposition: 'accepted', verdict: 'accept', transactions: [{ sender: 'a@b.example', recipients: [{ address: 'joe@shop.example', reply: '250 2.1.5 Ok' }], reply: '250 2.0.0 Ok', bytes: 1 }],
  }).session)
  const reopen = async () => {
    await close()
    return world(clock, store)
  }
  return { clock, store, alarms, rules, strikes, mode, strike, accept, bans, close, reopen }
}

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

describe('in real sessions', () => {
  type Settings = Parameters<typeof fakeSettings>[0]
  async function gate(settings: Settings, more: { readonly dns?: TestGate['dns']; readonly canaryRed?: () => boolean } = {}) {
    const part = await world()
    const gateSettings = fakeSettings({ bans: { strikes: 3 }, ...settings })
    const all = await createStrikes({ store: part.store, rules: part.rules, clock: part.clock, alarms: part.alarms, terms: () => gateSettings.current().bans, observing: () => gateSettings.mode().mode === 'observe' })
    open.push(() => all.close())
    const test = await startGate({ dns: more.dns ?? 'no-ptr', deps: { settings: gateSettings, rules: part.rules, strikes: all, clock: part.clock, ...(more.canaryRed === undefined ? {} : { canaryRed: more.canaryRed }) } })
    open.push(() => test.stop())
    return { ...part, test }
  }
  /** One session; what the last of these lines is answered. */
  async function session(test: TestGate, ...lines: string[]): Promise<string> {
    const client = await Client.connect(test.port)
    let said = await client.line()
    for (const line of lines) {
      if (!said.startsWith('2') && !said.startsWith('5')) break
      client.say(line)
      do said = await client.line()
      while (said.charAt(3) === '-')
    }
    client.socket.end()
    await client.closed()
    return said.slice(0, 9)
  }
  const REFUSED = ['EHLO mail.good.example', 'MAIL FROM:<a@b.example>', 'RCPT TO:<joe@shop.example>']
  const banned = (rules: { list(): readonly { readonly scope: string }[] }) => rules.list().map(({ scope }) => scope)

  test.each<[string, Settings, { dns?: TestGate['dns']; canaryRed?: () => boolean }, string[], string, number]>([
    ['refused at RCPT', {}, {}, REFUSED, '550 5.7.25', 3],
    ['refused at RCPT, twice: one strike', {}, {}, [...REFUSED, 'RCPT TO:<ann@shop.example>', 'RSET', 'MAIL FROM:<>', 'RCPT TO:<ann@shop.example>'], '550 5.7.25', 3],
    ['refused at EHLO', { policy: { rejectAt: 'ehlo' } }, {}, ['EHLO mail.good.example'], '550 5.7.25', 3],
    ['a 501', {}, {}, ['EHLO -bad-.example'], '501 5.5.2', 3],
    ['an empty EHLO, in observe mode: none', { policy: { mode: 'observe' } }, {}, ['EHLO'], '501 5.5.2', 0],
    ['never came as far as RCPT: none', {}, {}, REFUSED.slice(0, 2), '250 2.1.0', 0],
    ['postmaster passes: none', {}, {}, [...REFUSED.slice(0, 2), 'RCPT TO:<postmaster@shop.example>'], '250 2.1.5', 0],
    ['a relay refusal: none', {}, {}, [...REFUSED.slice(0, 2), 'RCPT TO:<joe@elsewhere.example>'], '550 5.7.1', 0],
    ['deferred: none', {}, { dns: 'temporary' }, REFUSED, '451 4.7.25', 0],
    ['observe: none', { policy: { mode: 'observe' } }, {}, REFUSED, '250 2.1.5', 0],
    ['grace not over: none', { policy: { mode: 'grace' } }, {}, REFUSED, '450 4.7.25', 0],
    ['grace not over, but a 501: none', { policy: { mode: 'grace' } }, {}, ['EHLO -bad-.example'], '501 5.5.2', 0],
    ['canary red: none', {}, { canaryRed: () => true }, REFUSED, '451 4.4.3', 0],
    ['exempt: none', { policy: { exempt: ['127.0.0.0/8'] } }, {}, REFUSED, '250 2.1.5', 0],
  ])('%s', async (_, settings, more, lines, reply, needed) => {
    const { test, rules } = await gate(settings, more)
    for (let n = 1; n <= 3; n++) {
      expect(banned(rules)).toEqual([])
      // The session that earns the ban is open when it comes: its next command hears 421.
      expect(await session(test, ...lines)).toBe(n === 3 && needed === 3 && lines.length > REFUSED.length ? '421 4.7.0' : reply.slice(0, 9))
    }
    expect(banned(rules)).toEqual(needed === 3 ? ['127.0.0.1'] : [])
    expect(test.troubles).toEqual([])
  })

  test('grace that is over counts', async () => {
    const { test, rules, clock } = await gate({ policy: { mode: 'grace', graceDays: 1 } })
    expect(await session(test, ...REFUSED)).toBe('450 4.7.2')
    clock.advance(DAY)
    for (let n = 0; n < 3; n++) expect(await session(test, ...REFUSED)).toBe('550 5.7.2')
    expect(banned(rules)).toEqual(['127.0.0.1'])
  })

  test('whitelisted: none', async () => {
    const { test, rules } = await gate({})
    await rules.add({ kind: 'allow', scope: '127.0.0.1', reason: '', by: 'admin' })
    for (let n = 0; n < 4; n++) expect(await session(test, ...REFUSED)).toBe('250 2.1.5')
    expect(banned(rules)).toEqual(['127.0.0.1'])
    expect(rules.list()[0]?.kind).toBe('allow')
  })

  test('the next connect hears 554, an open connection 421 at its next command; in observe mode both go on', async () => {
    const { test, rules, clock } = await gate({})
    const early = await Client.connect(test.port)
    await early.hear('220 *')
    for (let n = 0; n < 3; n++) await session(test, ...REFUSED)
    const until = new Date(clock.now() + 4 * DAY).toISOString()
    const next = await Client.connect(test.port)
    await next.hear(`554 5.7.1 [127.0.0.1] is banned here until ${until}`)
    next.say('QUIT')
    await next.hear('221 *')
    early.say('EHLO mail.good.example')
    await early.hear('421 4.7.0 *')
    for (const client of [early, next]) client.socket.destroy()
    expect(rules.list()[0]?.hits).toBe(1)
  })

  test('an automatic ban does not hold in observe mode, one made by hand does', async () => {
    const { test, rules } = await gate({ policy: { mode: 'observe' } })
    await rules.add({ kind: 'ban', scope: '127.0.0.1', forMs: DAY, reason: '', by: 'auto' })
    expect(await session(test, ...REFUSED)).toBe('250 2.1.5')
    await rules.add({ kind: 'ban', scope: '127.0.0.0/8', forMs: DAY, reason: '', by: 'admin' })
    expect(await session(test)).toBe('554 5.7.1')
  })

  test('a good correspondent is suggested', async () => {
    const { test, rules } = await gate({}, { dns: 'good' })
    const client = await Client.connect(test.port)
    await client.hear('220 *')
    for (const [say, hear] of [[REFUSED[0]!, '250...'], [REFUSED[1]!, '250 *'], [REFUSED[2]!, '250 *'], ['DATA', '354 *'], ['Subject: hello\r\n\r\nhello\r\n.', '250 *'], ['QUIT', '221 *']] as const) {
      client.say(say)
      await client.hear(hear)
    }
    await test.recorded(1)
    test.dns = 'no-ptr'
    for (let n = 0; n < 4; n++) expect(await session(test, ...REFUSED)).toBe('550 5.7.2')
    expect(banned(rules)).toEqual([])
  })
})
