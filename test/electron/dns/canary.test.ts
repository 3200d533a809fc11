// When the canary asks what, and what it makes known. Over the resolver double and a clock that is moved by hand.
import { describe, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { createCanary, readCanaryMemory } from '../../../electron/dns/canary.ts'
import type { CanaryMemory } from '../../../electron/dns/canary.ts'
import { createResolver } from '../../../electron/dns/resolver.ts'
import type { EffectiveSettings } from '../../../electron/ports.ts'
import { DEFAULT_CANARY } from '../../../shared/dns/canary.ts'
import { manualClock } from '../../fakes/clock.ts'
import { fakeSettings } from '../../fakes/gate.ts'
import { startNameserver } from '../../fakes/nameserver.ts'
import { fakeResolver } from '../../fakes/resolver.ts'
import { realClock } from './tools.ts'

const ZONE = 'a.example A 192.0.2.1\nb.example A 192.0.2.2'
const SICK = 'a.example A !servfail\nb.example A !timeout'

/** Lets everything that is settled run. */
const quiet = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}

function setUp(options: { readonly zone?: string; readonly names?: readonly string[]; readonly hostname?: string; readonly remembered?: CanaryMemory } = {}) {
  const clock = manualClock()
  const resolver = fakeResolver(options.zone ?? ZONE, clock)
  const alarms = createAlarms(clock)
  const current = fakeSettings({ hostname: options.hostname ?? 'gate' }).current()
  let settings: EffectiveSettings = { ...current, dns: { ...current.dns, servers: ['127.0.0.1:53'], canary: [...(options.names ?? ['a.example', 'b.example'])] } }
  let tick = (): void => undefined
  let ended = false
  let label = 0
  const memories: CanaryMemory[] = []
  const canary = createCanary({
    resolver, clock, alarms, settings: { current: () => settings },
    remembered: options.remembered ?? null, remember: (memory) => memories.push(memory),
    random: () => `r${++label}`,
    ticker: (call) => {
      tick = call
      return () => { ended = true }
    },
  })
  return {
    clock, resolver, alarms, canary, memories,
    ended: () => ended,
    change: (names: readonly string[]) => {
      settings = { ...settings, dns: { ...settings.dns, canary: [...names] } }
    },
    ask: (servers: readonly string[]) => {
      settings = { ...settings, dns: { ...settings.dns, servers: [...servers] } }
    },
    /** Second by second, as the real ticker. Returns what was asked. */
    seconds: async (count: number): Promise<string[]> => {
      await quiet()
      const before = resolver.asked.length
      for (let second = 0; second < count; second += 1) {
        clock.advance(1000)
        await quiet()
        tick()
        await quiet()
      }
      return resolver.asked.slice(before)
    },
  }
}

describe('rounds', () => {
  test('at once, then every 30 s; fresh, over within 8 s; another name that cannot exist each time', async () => {
    const { resolver, clock, seconds, canary } = setUp()
    expect(resolver.asked).toEqual(['r1.com. A', 'a.example. A', 'b.example. A'])
    expect(resolver.options).toEqual([1, 2, 3].map(() => ({ deadline: clock.monotonic() + 8000, fresh: true })))
    expect(await seconds(29)).toEqual([])
    expect(await seconds(1)).toEqual(['r2.com. A', 'a.example. A', 'b.example. A'])
    expect(await seconds(30)).toEqual(['r3.com. A', 'a.example. A', 'b.example. A'])
    expect(canary.health()).toEqual({ state: 'green', since: clock.now() - 60_000, why: null, known: 2, rounds: { good: 3, bad: 0 } })
  })

  test('without names nothing is asked, and it is off; with names it begins', async () => {
    const { seconds, canary, change, clock } = setUp({ names: [] })
    expect(await seconds(60)).toEqual([])
    expect(canary.health()).toEqual({ state: 'off', since: null, why: null, known: 0, rounds: { good: 0, bad: 0 } })
    change(['A.Example.'])
    expect(await seconds(1)).toEqual(['r1.com. A', 'a.example. A'])
    expect(canary.health()).toMatchObject({ state: 'green', since: clock.now() })
  })

  test('names that are told twice are asked once, and no more than 20', () => {
    const { resolver } = setUp({ names: ['a.example', 'A.EXAMPLE', ...Array.from({ length: 30 }, (_, index) => `n${index}.example`)] })
    expect(resolver.asked).toHaveLength(1 + 1 + 18)
  })

  test('the made-up label is long and new each time, unless a test makes it', () => {
    const resolver = fakeResolver(ZONE)
    const current = fakeSettings({ hostname: 'gate' }).current()
    for (let count = 0; count < 2; count += 1) {
      createCanary({ resolver, clock: manualClock(), alarms: createAlarms(manualClock()), settings: { current: () => ({ ...current, dns: { ...current.dns, canary: ['a.example'] } }) }, ticker: () => () => undefined })
    }
    const made = resolver.asked.filter((question) => question.endsWith('.com. A'))
    expect(made).toEqual([expect.stringMatching(/^porch-canary-[0-9a-f]{16}\.com\. A$/), expect.stringMatching(/^porch-canary-[0-9a-f]{16}\.com\. A$/)])
    expect(new Set(made).size).toBe(2)
  })

  test('closed: it asks no more, and what is under way changes nothing', async () => {
    const { canary, resolver, seconds, ended, alarms } = setUp({ zone: `${ZONE}\nr1.com A 192.0.2.66` })
    canary.close()
    await seconds(0)
    await quiet()
    expect({ ended: ended(), red: canary.isRed(), alarms: alarms.list(), asked: resolver.asked.length }).toEqual({ ended: true, red: false, alarms: [], asked: 3 })
  })
})

describe('sickness', () => {
  test('noticed within a minute even if it comes right after a round and every question times out; over 5 s after the cure', async () => {
    const { resolver, seconds, canary, alarms, clock } = setUp()
    await seconds(1)
    resolver.setZone('a.example ANY !timeout\nb.example ANY !timeout\nr2.com ANY !timeout\nr3.com ANY !timeout')
    await seconds(29)
    expect(canary.isRed()).toBe(false)
    await seconds(29)
    expect(canary.isRed()).toBe(true)
    const [alarm, ...others] = alarms.list()
    expect(others).toEqual([])
    expect(alarm).toMatchObject({ code: 'canary', severity: 'critical', text: expect.stringContaining('2 of 2 questions') as string })
    expect(canary.health()).toMatchObject({ state: 'red', why: alarm?.text, since: Date.parse(alarm?.since ?? '') })
    resolver.setZone(ZONE)
    await seconds(14)
    expect({ red: canary.isRed(), alarms: alarms.list(), forgotten: resolver.forgotten }).toEqual({ red: false, alarms: [], forgotten: ['*'] })
    expect(canary.health()).toMatchObject({ state: 'green', why: null })
    expect(clock.now() - canary.health().since!).toBeLessThan(14_000)
    expect(await seconds(60)).toHaveLength(6)
  })

  test('asked again every 5 s while it is red, and one alarm is told once', async () => {
    const { seconds, alarms, clock } = setUp({ zone: 'a.example A !servfail\nb.example A !refused' })
    const told: unknown[] = []
    alarms.onChange((raised, cleared) => told.push(raised?.code ?? cleared))
    expect(await seconds(5)).toEqual(['r2.com. A', 'a.example. A', 'b.example. A'])
    expect(await seconds(5)).toEqual(['r3.com. A', 'a.example. A', 'b.example. A'])
    await seconds(60)
    expect(told).toEqual(['canary'])
    expect(alarms.list()[0]?.since).toBe(new Date(clock.now() - 65_000).toISOString())
  })

  test('an answer for the name that cannot exist: red at once', async () => {
    const { canary, alarms, seconds, resolver } = setUp({ zone: `${ZONE}\nr1.com A 198.51.100.66` })
    await quiet()
    expect(canary.isRed()).toBe(true)
    expect(alarms.list()[0]?.text).toContain('it invents answers')
    resolver.setZone(ZONE)
    await seconds(5)
    expect(canary.isRed()).toBe(false)
  })

  test('a name server that knows only its own zone is not sick by denying the default names', async () => {
    const { canary, seconds } = setUp({ zone: 'mx.shop.example A 192.0.2.25', names: DEFAULT_CANARY })
    await seconds(120)
    expect(canary.health()).toMatchObject({ state: 'green', rounds: { good: 5, bad: 0 } })
  })

  test('a name server that has refused the default names from the start is not sick; once it is silent it is', async () => {
    const refusing = DEFAULT_CANARY.map((name) => `${name} A !refused`).join('\n')
    const { canary, seconds, resolver } = setUp({ zone: refusing, names: DEFAULT_CANARY })
    await seconds(120)
    expect(canary.health()).toMatchObject({ state: 'green', known: 0, rounds: { good: 5, bad: 0 } })
    resolver.setZone(refusing.replaceAll('!refused', '!timeout'))
    await seconds(59)
    expect(canary.isRed()).toBe(true)
    resolver.setZone(refusing)
    await seconds(14)
    expect(canary.isRed()).toBe(false)
  })

  test('one that was dead from the start turns nothing red: its answers are temporary as they are', async () => {
    const { canary, seconds } = setUp({ zone: [...DEFAULT_CANARY, 'mx.shop.example'].map((name) => `${name} ANY !timeout`).join('\n'), names: DEFAULT_CANARY })
    await seconds(120)
    expect(canary.health()).toMatchObject({ state: 'green', known: 0 })
  })

  test('what was found is remembered over a restart, for the same name servers and the same name of ours', async () => {
    const zone = `${DEFAULT_CANARY.map((name) => `${name} A 192.0.2.1`).join('\n')}\nmx.shop.example A 192.0.2.25\n25.2.0.192.in-addr.arpa PTR mx.shop.example`
    const first = setUp({ zone, names: DEFAULT_CANARY, hostname: 'mx.shop.example' })
    await first.seconds(65)
    expect(first.canary.health()).toMatchObject({ state: 'green', known: 4 })
    const remembered = readCanaryMemory(JSON.parse(JSON.stringify(first.memories.at(-1))))!
    expect(first.memories).toHaveLength(2)
    const sick = DEFAULT_CANARY.map((name) => `${name} A !refused`).join('\n')
    const again = (hostname: string) => setUp({ zone: sick, names: DEFAULT_CANARY, hostname, remembered })
    const same = again('mx.shop.example')
    await same.seconds(5)
    expect(same.canary.isRed()).toBe(true)
    expect(same.resolver.asked).toContain('25.2.0.192.in-addr.arpa. PTR')
    const other = again('mx2.shop.example')
    await other.seconds(60)
    expect(other.canary.isRed()).toBe(false)
    same.ask(['192.0.2.53:53'])
    await same.seconds(60)
    expect(same.canary.health()).toMatchObject({ state: 'green', known: 0 })
  })

  test.each([null, 7, 'x', {}, { servers: 1, hostname: 'a', ownPtr: null, best: {} }, { servers: 'a', hostname: 'a', ownPtr: 1, best: {} }, { servers: 'a', hostname: 'a', ownPtr: null, best: null }])('a damaged memory is none: %j', (value) => {
    expect(readCanaryMemory(value)).toBe(null)
  })

  test('of a damaged grade only that is lost', () => {
    expect(readCanaryMemory({ servers: 'a', hostname: 'b', ownPtr: null, best: { x: 3, y: 'z', w: 9 } })).toEqual({ servers: 'a', hostname: 'b', ownPtr: null, best: { x: 3 } })
  })

  test('other names, or none, are another matter: green again, the alarm is gone', async () => {
    const { canary, seconds, alarms, change } = setUp({ zone: `${SICK}\nc.example A 192.0.2.3` })
    await seconds(30)
    expect(canary.isRed()).toBe(true)
    change(['c.example'])
    expect(await seconds(1)).toContain('c.example. A')
    expect({ state: canary.health().state, alarms: alarms.list() }).toEqual({ state: 'green', alarms: [] })
    change(['a.example'])
    await seconds(15)
    expect(canary.isRed()).toBe(true)
    change([])
    expect(await seconds(30)).toEqual([])
    expect({ state: canary.health().state, red: canary.isRed(), alarms: alarms.list() }).toEqual({ state: 'off', red: false, alarms: [] })
  })
})

describe('the temporary rate', () => {
  const ask = (resolver: ReturnType<typeof fakeResolver>, count: number, name: string) =>
    Promise.all(Array.from({ length: count }, () => resolver.resolve({ name, type: 'A' }, { deadline: 1e9, fresh: false })))

  test('jumps: a round at once', async () => {
    const { resolver, seconds } = setUp({ zone: `${ZONE}\nx.example A !servfail` })
    await seconds(10)
    await ask(resolver, 10, 'a.example')
    await ask(resolver, 11, 'x.example')
    expect(await seconds(1)).toEqual(['r2.com. A', 'a.example. A', 'b.example. A'])
    expect(await seconds(29)).toEqual([])
    expect(await seconds(1)).toHaveLength(3)
  })

  test('rounds out of turn are 5 s apart', async () => {
    const { resolver, seconds } = setUp({ zone: `${ZONE}\nx.example A !servfail` })
    const asked: number[] = []
    for (let second = 0; second < 11; second += 1) {
      await ask(resolver, 20, 'x.example')
      asked.push((await seconds(1)).length)
    }
    expect(asked).toEqual([0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0])
  })

  test('half is no jump, and few say nothing until they are 20', async () => {
    const { resolver, seconds } = setUp({ zone: `${ZONE}\nx.example A !servfail` })
    await seconds(6)
    await ask(resolver, 10, 'a.example')
    await ask(resolver, 10, 'x.example')
    expect(await seconds(1)).toEqual([])
    await ask(resolver, 19, 'x.example')
    expect(await seconds(1)).toEqual([])
    await ask(resolver, 1, 'x.example')
    expect(await seconds(1)).toHaveLength(3)
  })
})

describe('the gate’s own PTR', () => {
  const OWN = `${ZONE}\nmx.shop.example A 192.0.2.25\n25.2.0.192.in-addr.arpa PTR mx.shop.example`

  test('is asked in every round once it has been found', async () => {
    const { resolver, seconds } = setUp({ zone: OWN, hostname: 'mx.shop.example' })
    await quiet()
    expect(resolver.asked).toEqual(['mx.shop.example. A', 'r1.com. A', 'a.example. A', 'b.example. A', '25.2.0.192.in-addr.arpa. PTR'])
    expect(await seconds(30)).toEqual(['r2.com. A', 'a.example. A', 'b.example. A', '25.2.0.192.in-addr.arpa. PTR'])
  })

  test.each([
    ['no address', ZONE, ['mx.shop.example. A']],
    ['an address of its own network', `${ZONE}\nmx.shop.example A 10.0.0.25\n25.0.0.10.in-addr.arpa PTR mx.shop.example`, ['mx.shop.example. A']],
    ['no PTR', `${ZONE}\nmx.shop.example A 192.0.2.25`, ['mx.shop.example. A', '25.2.0.192.in-addr.arpa. PTR']],
  ])('%s: looked for again, and no failure', async (_what, zone, looked) => {
    const { seconds, canary } = setUp({ zone, hostname: 'mx.shop.example' })
    expect((await seconds(30)).sort()).toEqual([...looked, 'r2.com. A', 'a.example. A', 'b.example. A'].sort())
    expect(canary.health()).toMatchObject({ state: 'green', rounds: { good: 2, bad: 0 } })
  })

  test('missing later it is one failure of three', async () => {
    const { seconds, canary, resolver } = setUp({ zone: OWN, hostname: 'mx.shop.example' })
    await seconds(1)
    resolver.setZone(`${ZONE}\nmx.shop.example A 192.0.2.25`)
    await seconds(60)
    expect(canary.isRed()).toBe(false)
    resolver.setZone('mx.shop.example A 192.0.2.25\na.example A !servfail\nb.example A 192.0.2.2')
    await seconds(60)
    expect(canary.isRed()).toBe(true)
  })
})

test('with the real resolver: what a lying name server said is not in the cache when it is well again', async () => {
  const server = await startNameserver(`${ZONE}\nr1.com A 198.51.100.66`)
  const resolver = createResolver({ settings: () => ({ servers: [server.address], timeoutMs: 20_000, tries: 1 }), clock: realClock })
  const current = fakeSettings({ hostname: 'gate' }).current()
  const clock = manualClock()
  const alarms = createAlarms(clock)
  const cleared = new Promise<void>((resolve) => {
    alarms.onChange((raised) => { if (raised === null) resolve() })
  })
  const raised = new Promise<void>((resolve) => {
    alarms.onChange((alarm) => { if (alarm !== null) resolve() })
  })
  let tick = (): void => undefined
  let label = 0
  const canary = createCanary({
    // The resolver lives by the real clock.
    resolver: { resolve: (question, { fresh }) => resolver.resolve(question, { fresh, deadline: realClock.monotonic() + 20_000 }), stats: () => resolver.stats(), forgetAll: () => { resolver.forgetAll() } },
    clock, alarms, settings: { current: () => ({ ...current, dns: { ...current.dns, canary: ['a.example'] } }) }, random: () => `r${++label}`,
    ticker: (call) => {
      tick = call
      return () => undefined
    },
  })
  const ask = async () => (await resolver.resolve({ name: 'victim.example', type: 'A' }, { deadline: realClock.monotonic() + 20_000, fresh: false })).status
  await raised
  expect(await ask()).toBe('nxdomain')
  server.setZone(`${ZONE}\nvictim.example A 192.0.2.7`)
  expect(await ask()).toBe('nxdomain')
  clock.advance(5000)
  tick()
  await cleared
  expect(await ask()).toBe('found')
  canary.close()
  resolver.close()
  await server.close()
})
