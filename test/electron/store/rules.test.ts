import { describe, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import type { RuleInput } from '../../../electron/ports.ts'
import { createRules } from '../../../electron/store/rules.ts'
import type { Rule } from '../../../shared/events.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { createFakeStore } from '../../fakes/store.ts'

const NOW = Date.parse('2026-11-23T15:00:00.000Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR

function handClock() {
  let wall = NOW
  let monotonic = 1000
  return {
    now: () => wall,
    monotonic: () => monotonic,
    pass(ms: number) {
      wall += ms
      monotonic += ms
    },
    step(ms: number) {
      wall += ms
    },
  }
}

async function open(rules: readonly Rule[] = []) {
  const store = createFakeStore()
  for (const rule of rules) await store.putRule(rule)
  const clock = handClock()
  const alarms = createAlarms(clock)
  const made = await createRules({ store, clock, alarms })
  const add = (kind: RuleInput['kind'], scope: string, more: Partial<RuleInput> = {}) => made.add({ kind, scope, reason: '', by: 'admin', ...more })
  const match = (address: string) => {
    const found = made.match(parseAddress(address)!)
    return `${found.ban?.scope ?? '-'} ${found.allow?.scope ?? '-'}`
  }
  return { store, clock, alarms, rules: made, add, match, reopen: () => createRules({ store, clock, alarms }) }
}

describe('matching', () => {
  test('the most specific ban and whitelist entry, by family', async () => {
    const { add, match } = await open()
    for (const scope of ['192.0.2.0/24', '192.0.2.16/28', '192.0.2.17', '2001:db8:1::1', '::/0']) await add('ban', scope)
    for (const scope of ['192.0.0.0/16', '192.0.2.18', '2001:db8:1::1', '.outlook.com']) await add('allow', scope)
    expect(['192.0.2.17', '192.0.2.18', '192.0.2.99', '192.0.3.1', '198.51.100.1', '2001:db8:1::9', '2001:db8:1::1', '2001:db8:2::1', '::ffff:192.0.2.17'].map(match)).toEqual([
      '192.0.2.17 192.0.0.0/16', '192.0.2.16/28 192.0.2.18', '192.0.2.0/24 192.0.0.0/16', '- 192.0.0.0/16', '- -',
      '2001:db8:1::/64 -', '2001:db8:1::/64 2001:db8:1::1', '::/0 -', '192.0.2.17 192.0.0.0/16',
    ])
  })

  test('verified names: itself, or the names below; the most specific first', async () => {
    const { add, rules } = await open()
    expect(rules.hasNames()).toBe(false)
    await add('allow', '.outlook.com')
    await add('allow', 'mail.acme.example')
    await add('allow', '.mail.outlook.com', { forMs: HOUR })
    expect(rules.hasNames()).toBe(true)
    const matched = (...names: string[]) => rules.matchName(names)?.scope ?? null
    expect(['a.outlook.com', 'outlook.com', 'notoutlook.com', 'x.mail.outlook.com', 'MAIL.acme.example.', 'x.mail.acme.example', 'acme.example'].map((name) => matched(name))).toEqual([
      '.outlook.com', null, null, '.mail.outlook.com', 'mail.acme.example', null, null,
    ])
    expect(matched('nobody.example', 'a.b.outlook.com')).toBe('.outlook.com')
  })
})

describe('expiry', () => {
  test('a ban is for 4 days unless said otherwise, a whitelist entry for good', async () => {
    const { add } = await open()
    expect(await add('ban', '192.0.2.1', { reason: 'spam' })).toEqual({ ok: true, rule: { kind: 'ban', scope: '192.0.2.1', reason: 'spam', by: 'admin', since: '2026-11-23T15:00:00.000Z', until: '2026-11-27T15:00:00.000Z', hits: 0 } })
    expect(await add('ban', '192.0.2.2', { forMs: null })).toMatchObject({ ok: true, rule: { until: null } })
    expect(await add('allow', '192.0.2.1')).toMatchObject({ ok: true, rule: { until: null } })
    expect(await add('allow', '192.0.2.2', { forMs: 30_000 })).toMatchObject({ ok: true, rule: { until: '2026-11-23T15:00:30.000Z' } })
  })

  test('an expired rule neither matches nor is listed; the wider one behind it does', async () => {
    const { add, match, clock, rules } = await open()
    await add('ban', '192.0.2.0/24')
    await add('ban', '192.0.2.1', { forMs: HOUR })
    await add('allow', '.outlook.com', { forMs: HOUR })
    clock.pass(HOUR - 1)
    expect([match('192.0.2.1'), rules.hasNames()]).toEqual(['192.0.2.1 -', true])
    clock.pass(1)
    expect([match('192.0.2.1'), rules.hasNames(), rules.matchName(['a.outlook.com'])]).toEqual(['192.0.2.0/24 -', false, null])
    expect(rules.list().map((rule) => rule.scope)).toEqual(['192.0.2.0/24'])
    expect(await rules.remove('ban', '192.0.2.1')).toMatchObject({ ok: false, within: { scope: '192.0.2.0/24' } })
  })

  test.each([DAY, -DAY, 3650 * DAY])('a clock step of %i ms neither frees nor bans for ever, and is flagged', async (step) => {
    const { add, match, clock, alarms } = await open()
    await add('ban', '192.0.2.1', { forMs: 4 * HOUR })
    clock.pass(HOUR)
    match('192.0.2.1')
    clock.step(step)
    await add('ban', '192.0.2.2', { forMs: HOUR })
    expect([match('192.0.2.1'), match('192.0.2.2')]).toEqual(['192.0.2.1 -', '192.0.2.2 -'])
    expect(alarms.list().map((alarm) => alarm.code)).toEqual(['clock-step'])
    clock.pass(3 * HOUR - 1)
    expect([match('192.0.2.1'), match('192.0.2.2')]).toEqual(['192.0.2.1 -', '- -'])
    clock.pass(1)
    expect(match('192.0.2.1')).toBe('- -')
  })

  test('a ban made under a clock that was ten years ahead keeps its length at the next start', async () => {
    const since = new Date(NOW + 3650 * DAY)
    const { match, clock } = await open([{ kind: 'ban', scope: '192.0.2.1', reason: '', by: 'admin', since: since.toISOString(), until: new Date(since.getTime() + HOUR).toISOString(), hits: 0 }])
    clock.pass(HOUR - 1)
    expect(match('192.0.2.1')).toBe('192.0.2.1 -')
    clock.pass(1)
    expect(match('192.0.2.1')).toBe('- -')
  })
})

describe('over a restart, by the time that the gate believed last', () => {
  const ban = (scope: string, since: number, until: number | null): Rule => ({ kind: 'ban', scope, reason: '', by: 'admin', since: new Date(since).toISOString(), until: until === null ? null : new Date(until).toISOString(), hits: 0 })
  const rules = [ban('192.0.2.1', NOW - DAY, NOW + 3 * DAY), ban('192.0.2.2', NOW - DAY, NOW + HOUR), ban('192.0.2.3', NOW - DAY, NOW - HOUR), ban('192.0.2.4', NOW - DAY, null)]
  const first = async () => {
    const part = await open(rules)
    await part.rules.close()
    return { ...part, all: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'] }
  }
  const banned = (made: Awaited<ReturnType<typeof createRules>>, all: readonly string[]) => all.filter((address) => made.match(parseAddress(address)!).ban !== null).map((address) => address.at(-1)).join('')

  test.each([
    ['at once', 0, '124', ''],
    ['an hour off', HOUR, '14', ''],
    ['a day off, or a clock a day ahead: nobody can tell', DAY, '14', ''],
    ['80 days off', 80 * DAY, '4', ''],
    ['a clock ten years ahead: what was left is left', 3650 * DAY, '124', 'clock-step'],
    ['a clock a day behind: a day longer', -DAY, '124', ''],
    ['a clock ten years behind: its whole length again', -3650 * DAY, '124', ''],
  ])('%s', async (_, passed, expected, alarm) => {
    const { clock, reopen, alarms, all } = await first()
    clock.step(passed)
    const again = await reopen()
    expect([banned(again, all), alarms.list().map(({ code }) => code).join()]).toEqual([expected, alarm])
    clock.pass(4 * DAY)
    // Nor does anything hold for ever.
    expect(banned(again, all)).toBe('4')
    await again.close()
  })

  test('ten years ahead, started again and again, and put right: a ban ends all the same', async () => {
    const { clock, reopen, all, store } = await first()
    clock.step(3650 * DAY)
    for (let day = 0; day < 2; day++) {
      const again = await reopen()
      await new Promise((resolve) => setImmediate(resolve))
      expect(banned(again, all)).toBe(day === 0 ? '124' : '14')
      clock.pass(DAY)
      await again.close()
    }
    expect((await store.loadRules()).find(({ scope }) => scope === '192.0.2.1')?.until).toBe(new Date(NOW + 3653 * DAY).toISOString())
    clock.step(-3650 * DAY)
    const right = await reopen()
    expect(banned(right, all)).toBe('14')
    clock.pass(4 * DAY)
    expect(banned(right, all)).toBe('4')
    await right.close()
  })

  test('the clock steps while the gate runs, and it is started again under the wrong clock', async () => {
    const { clock, rules: running, reopen, match, add } = await open(rules)
    match('192.0.2.1')
    clock.step(3650 * DAY)
    await add('ban', '192.0.2.9', { forMs: HOUR })
    await running.close()
    const again = await reopen()
    const all = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.9']
    expect(banned(again, all)).toBe('1249')
    clock.pass(HOUR)
    expect(banned(again, all)).toBe('14')
    await again.close()
  })
})

describe('changes', () => {
  test('the same scope again replaces, however it is spelled', async () => {
    const { add, rules, store } = await open()
    await add('ban', '2001:db8::1', { reason: 'first' })
    await add('ban', '2001:DB8::2/128', { reason: 'second', forMs: null })
    expect(rules.list()).toEqual([{ kind: 'ban', scope: '2001:db8::/64', reason: 'second', by: 'admin', since: '2026-11-23T15:00:00.000Z', until: null, hits: 0 }])
    expect(await store.loadRules()).toEqual(rules.list())
  })

  test('removed: the rule, and not what lies around it', async () => {
    const { add, rules, match, store } = await open()
    await add('ban', '192.0.2.0/24')
    expect(await rules.remove('ban', '192.0.2.7')).toEqual({
      ok: false, within: rules.list()[0],
      problem: 'there is no ban of 192.0.2.7 itself, but it lies inside 192.0.2.0/24: unban 192.0.2.0/24, or allow 192.0.2.7 as an exception',
    })
    expect(await rules.remove('ban', '192.0.2.16/28')).toMatchObject({ ok: false, within: { scope: '192.0.2.0/24' } })
    expect(await rules.remove('ban', '192.0.0.0/16')).toEqual({ ok: false, within: null, problem: 'there is no ban of 192.0.0.0/16' })
    expect(await rules.remove('allow', '192.0.2.0/24')).toEqual({ ok: false, within: null, problem: 'there is no whitelist entry of 192.0.2.0/24' })
    expect(await rules.remove('ban', 'x')).toMatchObject({ ok: false, within: null })
    expect(await rules.remove('ban', '192.0.2.0/24')).toMatchObject({ ok: true, rule: { scope: '192.0.2.0/24' } })
    expect([match('192.0.2.7'), await store.loadRules()]).toEqual(['- -', []])
  })

  test('whitelisting lifts an automatic ban of exactly that scope only', async () => {
    const { add, match } = await open()
    await add('ban', '192.0.2.1', { by: 'auto' })
    await add('ban', '192.0.2.2', { by: 'admin' })
    await add('ban', '192.0.2.0/24', { by: 'auto' })
    for (const scope of ['192.0.2.1', '192.0.2.2']) await add('allow', scope)
    expect([match('192.0.2.1'), match('192.0.2.2')]).toEqual(['192.0.2.0/24 192.0.2.1', '192.0.2.2 192.0.2.2'])
  })

  test.each([
    ['two\r\nlines\tand tabs', 'two lines and tabs'],
    ['\x1b[31mred\x07 \u009b', '\\x1b[31mred\\x07 \\x9b'],
    ['turned \u202eround, which whoever shows it makes visible', 'turned \u202eround, which whoever shows it makes visible'],
    ['Käse, "naïve" 🧀 = 1', 'Käse, "naïve" 🧀 = 1'],
    ['x'.repeat(600), 'x'.repeat(500)],
  ])('a reason is one line without control octets: %j', async (typed, kept) => {
    const { rules, add } = await open()
    await add('ban', '192.0.2.1', { reason: typed })
    expect(rules.list()[0]?.reason).toBe(kept)
  })

  test('what the store does not take does not hold, and the reason is told', async () => {
    const { add, rules, match, store } = await open()
    await add('ban', '192.0.2.1')
    store.failWith = 'database or disk is full'
    expect(await add('ban', '192.0.2.2')).toEqual({ ok: false, problem: 'the rule could not be stored: database or disk is full' })
    expect(await rules.remove('ban', '192.0.2.1')).toEqual({ ok: false, within: null, problem: 'the change could not be stored: database or disk is full' })
    expect([match('192.0.2.1'), match('192.0.2.2')]).toEqual(['192.0.2.1 -', '- -'])
  })

  test('listeners hear of changes until they leave', async () => {
    const { add, rules } = await open()
    let heard = 0
    const leave = rules.onChange(() => heard++)
    await add('ban', '192.0.2.1')
    await add('ban', 'bad scope')
    await rules.remove('ban', '192.0.2.1')
    leave()
    await add('ban', '192.0.2.1')
    expect(heard).toBe(2)
  })

  test('hits are counted at once and written in batches', async () => {
    const { add, rules, store, match, reopen } = await open()
    await add('ban', '192.0.2.0/24')
    const { ban } = rules.match(parseAddress('192.0.2.7')!)
    for (let count = 0; count < 5; count++) rules.hit(ban!)
    expect([rules.list()[0]?.hits, (await store.loadRules())[0]?.hits]).toEqual([5, 0])
    await rules.flush()
    await rules.flush()
    expect((await store.loadRules())[0]?.hits).toBe(5)
    expect([match('192.0.2.7'), (await reopen()).list()[0]?.hits]).toEqual(['192.0.2.0/24 -', 5])
  })
})

describe('automatic bans', () => {
  const auto = { by: 'auto', reason: '10 refusals in 60 minutes: no reverse name' } as const

  test('hold at once, before they are written, and also when they cannot be', async () => {
    const { add, match, store, alarms } = await open()
    const adding = add('ban', '192.0.2.1', { ...auto, forMs: HOUR })
    expect(match('192.0.2.1')).toBe('192.0.2.1 -')
    expect(await adding).toMatchObject({ ok: true, rule: { by: 'auto', until: new Date(NOW + HOUR).toISOString() } })
    expect((await store.loadRules()).map((rule) => rule.scope)).toEqual(['192.0.2.1'])
    store.failWith = 'disk full'
    expect(await add('ban', '192.0.2.2', { ...auto, forMs: HOUR })).toMatchObject({ ok: false, problem: 'the ban holds until the next start, but could not be stored: disk full' })
    expect([match('192.0.2.2'), alarms.list().map((alarm) => alarm.code)]).toEqual(['192.0.2.2 -', ['ban-store']])
  })

  test.each<[string, number | null]>([['shorter', HOUR], ['as long', 4 * DAY], ['longer', 30 * DAY]])('never replace one made by hand, be it %s', async (_, forMs) => {
    const { add, rules, store } = await open()
    await add('ban', '192.0.2.1', { forMs: 4 * DAY, reason: 'mine' })
    const before = rules.list()
    expect(await add('ban', '192.0.2.1', { ...auto, forMs })).toMatchObject({ ok: false })
    expect([rules.list(), await store.loadRules()]).toEqual([before, before])
  })

  test('nor one that is just being made by hand', async () => {
    const { add, rules, store } = await open()
    const byHand = add('ban', '192.0.2.1', { reason: 'mine' })
    const [outcome] = await Promise.all([add('ban', '192.0.2.1', { ...auto, forMs: HOUR }), byHand])
    expect(outcome.ok).toBe(false)
    expect([rules.list(), await store.loadRules()].flat().map((rule) => rule.reason)).toEqual(['mine', 'mine'])
    expect(await add('ban', '192.0.2.2', { ...auto, forMs: HOUR })).toMatchObject({ ok: true })
  })

  test('are never shortened by another', async () => {
    const { add, rules } = await open()
    await add('ban', '192.0.2.1', { ...auto, forMs: 2 * DAY })
    await add('ban', '192.0.2.1', { ...auto, forMs: HOUR })
    await add('ban', '192.0.2.1', { ...auto, forMs: 3 * DAY })
    expect(rules.list().map((rule) => rule.until)).toEqual([new Date(NOW + 3 * DAY).toISOString()])
  })

  test('are lifted by a whitelist entry of exactly that scope; a wider one and one made by hand stay', async () => {
    const { add, rules } = await open()
    for (const scope of ['192.0.2.1', '192.0.2.0/24', '2001:db8::/64']) await add('ban', scope, { ...auto, forMs: DAY })
    await add('ban', '192.0.2.2')
    for (const scope of ['192.0.2.1', '192.0.2.2', '2001:db8::/64']) await add('allow', scope)
    expect(rules.list().map((rule) => `${rule.kind} ${rule.scope}`).sort()).toEqual(['allow 192.0.2.1', 'allow 192.0.2.2', 'allow 2001:db8::/64', 'ban 192.0.2.0/24', 'ban 192.0.2.2'])
  })

  test('are left out where only bans by hand count, also under a more specific one', async () => {
    const { add, rules } = await open()
    await add('ban', '192.0.2.0/24')
    for (const scope of ['192.0.2.1', '198.51.100.1']) await add('ban', scope, { ...auto, forMs: DAY })
    const scopes = (bans: 'all' | 'by hand') => ['192.0.2.1', '198.51.100.1'].map((client) => rules.match(parseAddress(client)!, bans).ban?.scope ?? null)
    expect([scopes('all'), scopes('by hand')]).toEqual([['192.0.2.1', '198.51.100.1'], ['192.0.2.0/24', null]])
  })
})

test('what is whitelisted or unbanned is told, what is banned or removed from the whitelist is not', async () => {
  const { add, rules } = await open()
  const told: string[] = []
  const stop = rules.onForgiven((scope) => told.push(scope.text))
  await add('ban', '192.0.2.1')
  await add('allow', '.acme.example')
  await rules.remove('ban', '192.0.2.1')
  await rules.remove('ban', '192.0.2.9')
  await rules.remove('allow', '.acme.example')
  stop()
  await add('allow', '192.0.2.3')
  expect(told).toEqual(['.acme.example', '192.0.2.1'])
})
