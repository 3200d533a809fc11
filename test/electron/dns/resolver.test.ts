// Cache, in-flight sharing and deadlines of the real resolver.
import { afterEach, describe, expect, it } from 'vitest'
import { Cache, Generations, keptFor } from '../../../electron/dns/cache.ts'
import { systemServers } from '../../../electron/dns/system.ts'
import type { Reading } from '../../../shared/dns/reply.ts'
import { manualClock } from '../../fakes/clock.ts'
import { rig } from './tools.ts'
import type { Rig } from './tools.ts'

const open: Rig[] = []
const make = async (...args: Parameters<typeof rig>): Promise<Rig> => {
  const one = await rig(...args)
  open.push(one)
  return one
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

const reading = (status: Reading['status'], ttl: number | null, next: string | null = null): Reading => (
  { status, records: status === 'found' ? ['192.0.2.1'] : [], chain: [], ttl, next })

describe('how long a reading is kept, in seconds', () => {
  it.each<[string, Reading, number]>([
    ['found, by its TTL', reading('found', 300), 300],
    ['found, shorter than 60 s as it is', reading('found', 5), 5],
    ['found, TTL 0: not at all', reading('found', 0), 0],
    ['found, at most 24 h', reading('found', 604_800), 86_400],
    ['nxdomain, by its SOA', reading('nxdomain', 60), 60],
    ['nodata, at most 15 min', reading('nodata', 86_400), 900],
    ['negative without SOA: not at all', reading('nxdomain', null), 0],
    ['half a chain is a CNAME that was found', reading('nodata', 3600, 'next.example'), 3600],
    ['servfail', reading('servfail', null), 10],
    ['refused', reading('refused', null), 10],
    ['timeout', reading('timeout', null), 10],
    ['malformed', reading('malformed', null), 10],
  ])('%s', (_what, kept, seconds) => {
    expect(keptFor(kept)).toBe(seconds)
  })
})

describe('the cache', () => {
  it('forgets on the monotonic clock, whatever the wall clock does', () => {
    const clock = manualClock()
    const cache = new Cache(clock)
    cache.put('a', reading('found', 60), 's')
    clock.step(365 * 86_400_000)
    clock.advance(59_999)
    expect(cache.get('a')?.server).toBe('s')
    clock.advance(1)
    expect(cache.get('a')).toBe(undefined)
  })

  it('is bounded: what was not used for long goes', () => {
    const entries = new Generations<number>(1000)
    for (let number = 0; number < 10_000; number += 1) {
      entries.set(`k${number}`, number)
      expect(entries.get('k0')).toBe(0)
      expect(entries.size).toBeLessThanOrEqual(1000)
    }
    expect(entries.get('k1')).toBe(undefined)
    expect(entries.get('k9999')).toBe(9999)
    entries.delete('k0')
    expect(entries.get('k0')).toBe(undefined)
  })
})

describe('asking', () => {
  const ZONE = 'a.example A 192.0.2.1\nzero.example 0 A 192.0.2.1\nwww.example CNAME a.example'

  it('asks once for what is cached; from the cache it takes 0 ms', async () => {
    const one = await make(ZONE)
    const first = await one.ask('a.example A')
    expect(await one.ask('a.example A')).toEqual({ ...first, ms: 0 })
    expect(one.server.queries.length).toBe(1)
    expect(one.resolver.stats()).toEqual({
      queries: { found: 1, nodata: 0, nxdomain: 0, servfail: 0, refused: 0, timeout: 0, malformed: 0 }, cacheHits: 1, caseBroken: [],
    })
  })

  it('does not keep TTL 0', async () => {
    const one = await make(ZONE)
    await one.ask('zero.example A')
    await one.ask('zero.example A')
    expect(one.server.queries.length).toBe(2)
  })

  it('makes one query of the same question asked by many at once', async () => {
    const one = await make(ZONE)
    one.server.behave('*', 'held')
    const answers = Array.from({ length: 50 }, () => one.ask('a.example A'))
    await one.server.seen(1)
    one.server.release()
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set(['found']))
    expect(one.server.queries.length).toBe(1)
  })

  it('each has its own deadline; a late answer still fills the cache', async () => {
    const one = await make(ZONE)
    one.server.behave('*', 'held')
    const impatient = one.ask('a.example A', { withinMs: 30 })
    const patient = one.ask('a.example A')
    const early = await impatient
    expect({ status: early.status, server: early.server }).toEqual({ status: 'timeout', server: null })
    expect(early.ms).toBeGreaterThanOrEqual(30)
    one.server.release()
    expect((await patient).status).toBe('found')
    expect((await one.ask('a.example A')).ms).toBe(0)
    expect(one.server.queries.length).toBe(1)
  })

  it('a timeout because of the deadline alone is not kept', async () => {
    const one = await make(ZONE)
    one.server.behave('a.example. A', 'held')
    expect((await one.ask('a.example A', { withinMs: 20 })).status).toBe('timeout')
    one.server.release()
    expect((await one.ask('a.example A')).status).toBe('found')
  })

  it('does not append a search domain', async () => {
    const one = await make(ZONE)
    expect((await one.ask('localhost A')).status).toBe('nxdomain')
    expect(one.server.queries.map(({ name }) => name.toLowerCase())).toEqual(['localhost'])
  })
})

it.each<[readonly string[], string[]]>([
  [['192.0.2.53', '2001:db8::53'], ['192.0.2.53:53', '[2001:db8::53]:53']],
  [['127.0.0.1:5353', '[::1]:5353'], ['127.0.0.1:5353', '[::1]:5353']],
  [['fe80::1%eth0'], ['127.0.0.1:53']],
  [[], ['127.0.0.1:53']],
])('system servers %j', (listed, servers) => {
  expect(systemServers(listed)).toEqual(servers)
})
