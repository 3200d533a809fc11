// The real resolver against a name server that is slow, broken or lying.
import { afterEach, expect, it } from 'vitest'
import { createResolver } from '../../../electron/dns/resolver.ts'
import { rawReply, startNameserver, wireName } from '../../fakes/nameserver.ts'
import type { Behaviour } from '../../fakes/nameserver.ts'
import { question, realClock, rig } from './tools.ts'
import type { Rig } from './tools.ts'

const ZONE = 'mail.acme.example A 192.0.2.1'
const ASK = 'mail.acme.example A'
const open: Rig[] = []
const make = async (...args: Parameters<typeof rig>): Promise<Rig> => {
  const one = await rig(...args)
  open.push(one)
  return one
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** What a lost reply costs here: short enough to wait for, long enough for a busy machine to answer in. */
const LOST = { timeoutMs: 250 }
const status = async (one: Rig, text = ASK) => (await one.ask(text)).status

it.each<Behaviour>(['wrong-id', 'wrong-question', 'wrong-type', 'wrong-source', 'silence'])('ignores a reply with %s until the timeout, then asks again', async (behaviour) => {
  const one = await make(ZONE, LOST)
  one.server.behave('*', behaviour, 1)
  const answer = await one.ask(ASK)
  expect(answer).toMatchObject({ status: 'found', records: ['192.0.2.1'], server: one.server.address })
  expect(answer.ms).toBeGreaterThanOrEqual(250)
  expect(one.server.queries.length).toBe(2)
})

it('takes the late reply to an earlier try', async () => {
  const one = await make(ZONE, { timeoutMs: 150, tries: 5 })
  one.server.behave('*', 'silence')
  one.server.behave('*', 'held', 1)
  const answer = one.ask(ASK)
  await one.server.seen(3)
  one.server.release()
  expect(await answer).toMatchObject({ status: 'found', records: ['192.0.2.1'] })
})

it('a late reply that is temporary decides nothing', async () => {
  const one = await make('mail.acme.example A !servfail', { timeoutMs: 150, tries: 2 })
  one.server.behave('*', 'silence')
  one.server.behave('*', 'held', 1)
  const answer = one.ask(ASK)
  await one.server.seen(2)
  one.server.release()
  expect((await answer).status).toBe('timeout')
})

it('waits for a slow reply', async () => {
  const one = await make(ZONE)
  one.server.behave('*', 'held')
  const answer = one.ask(ASK)
  await one.server.seen(1)
  one.server.release()
  expect((await answer).status).toBe('found')
})

it.each<[Behaviour, string]>([
  ['silence', 'timeout'], ['wrong-id', 'timeout'], ['wrong-question', 'timeout'], ['wrong-source', 'timeout'],
  ['garbage', 'malformed'], ['cut', 'malformed'], ['tcp-silence', 'timeout'], ['referral', 'servfail'],
  [(query) => rawReply(query, [], 1), 'servfail'], [(query) => rawReply(query, [], 4), 'servfail'], [(query) => rawReply(query, [], 9), 'servfail'],
  [() => Buffer.alloc(0), 'timeout'], [(query) => query, 'timeout'], [(query) => query.subarray(0, 11), 'timeout'],
  [(query) => Buffer.concat([query.subarray(0, 2), Buffer.from([0x80, 0, 0, 0]), Buffer.alloc(6)]), 'timeout'],
])('%s for good: %s', async (behaviour, expected) => {
  const one = await make(ZONE, expected === 'timeout' ? { timeoutMs: 80 } : {})
  one.server.behave('*', behaviour)
  const answer = await one.ask(ASK)
  expect(answer.status).toBe(expected)
  expect(answer.server).toBe(expected === 'timeout' ? null : one.server.address)
})

it('asks `tries` times, over the servers in turn', async () => {
  const one = await make(ZONE, { count: 3, tries: 4, timeoutMs: 40 })
  for (const server of one.servers) server.behave('*', 'silence')
  expect(await status(one)).toBe('timeout')
  expect(one.servers.map((server) => server.queries.length)).toEqual([2, 1, 1])
})

it('goes to the next server at once when one says SERVFAIL or REFUSED, or cannot be decoded', async () => {
  for (const failure of ['!servfail', '!refused', '!malformed']) {
    const one = await make(ZONE, { count: 2 })
    one.servers[0]!.setZone(`mail.acme.example A ${failure}`)
    expect(await one.ask(ASK)).toMatchObject({ status: 'found', server: one.servers[1]!.address })
  }
})

it('tells the last failure when all servers fail, and asks each once', async () => {
  const one = await make('mail.acme.example A !servfail', { count: 2 })
  one.servers[1]!.setZone('mail.acme.example A !refused')
  expect(await one.ask(ASK)).toMatchObject({ status: 'refused', server: one.servers[1]!.address })
  expect(one.servers.map((server) => server.queries.length)).toEqual([1, 1])
})

it('a negative answer is an answer: the next server is not asked', async () => {
  const one = await make('', { count: 2 })
  expect(await status(one)).toBe('nxdomain')
  expect(one.servers[1]!.queries).toEqual([])
})

it('a server that let a question time out is not asked first any more', async () => {
  const one = await make(`${ZONE}\nother.example A 192.0.2.2`, { count: 2, ...LOST })
  one.servers[0]!.behave('*', 'silence')
  expect(await status(one)).toBe('found')
  expect(await status(one, 'other.example A')).toBe('found')
  expect(one.servers.map((server) => server.queries.length)).toEqual([1, 2])
})

it('a port where nobody listens is left at once for another server; alone, it is a timeout', async () => {
  const gone = await startNameserver('')
  await gone.close()
  const two = await make(ZONE, { extraServers: [gone.address] })
  expect(await two.ask(ASK)).toMatchObject({ status: 'found', server: two.server.address })
  const resolver = createResolver({ settings: () => ({ servers: [gone.address], timeoutMs: 40, tries: 2 }), clock: realClock })
  const answer = await resolver.resolve(question(ASK), { deadline: realClock.monotonic() + 8000, fresh: false })
  expect(answer).toMatchObject({ status: 'timeout', server: null })
  expect(answer.ms).toBeGreaterThanOrEqual(80)
  resolver.close()
})

it('a server that comes back within the tries is found', async () => {
  const gone = await startNameserver('')
  await gone.close()
  const resolver = createResolver({ settings: () => ({ servers: [gone.address], timeoutMs: 300, tries: 3 }), clock: realClock })
  const answer = resolver.resolve(question(ASK), { deadline: realClock.monotonic() + 8000, fresh: false })
  const back = await startNameserver(ZONE, '127.0.0.1', Number(gone.address.split(':')[1]))
  expect((await answer).status).toBe('found')
  resolver.close()
  await back.close()
})

it('works over IPv6', async () => {
  const server = await startNameserver(ZONE, '::1')
  const resolver = createResolver({ settings: () => ({ servers: [server.address], timeoutMs: 1000, tries: 2 }), clock: realClock })
  server.behave('*', 'truncated', 1)
  expect(await resolver.resolve(question(ASK), { deadline: realClock.monotonic() + 8000, fresh: false })).toMatchObject({ status: 'found', server: server.address })
  resolver.close()
  await server.close()
})

it('mixes letter case, and accepts only the same', async () => {
  const one = await make(ZONE, LOST)
  for (let count = 0; count < 20; count += 1) await one.ask(ASK, { fresh: true })
  const names = one.server.queries.map(({ name }) => name)
  expect(new Set(names.map((name) => name.toLowerCase()))).toEqual(new Set(['mail.acme.example']))
  expect(new Set(names).size).toBeGreaterThan(15)
  one.server.behave('*', 'lower-case', 1)
  const answer = await one.ask(ASK, { fresh: true })
  expect(answer.status).toBe('found')
  expect(answer.ms).toBeGreaterThanOrEqual(250)
  expect(one.resolver.stats().caseBroken).toEqual([])
})

it('a resolver that never keeps case is asked in lower case from then on, and flagged', async () => {
  const one = await make(`${ZONE}\nother.example A 192.0.2.2`, LOST)
  one.server.behave('*', 'lower-case')
  expect(await status(one)).toBe('found')
  expect(one.resolver.stats().caseBroken).toEqual([one.server.address])
  expect(await status(one, 'other.example A')).toBe('found')
  expect(one.server.queries.slice(1).map(({ name }) => name)).toEqual(['mail.acme.example', 'other.example'])
})

it('asks again over TCP when truncated, whatever the chunks', async () => {
  for (const behaviour of ['truncated', 'drip'] as const) {
    const names = Array.from({ length: 200 }, (_, index) => `n${index}.pool.example`)
    const one = await make(names.map((name) => `1.2.0.192.in-addr.arpa PTR ${name}`).join('\n'))
    one.server.behave('*', behaviour)
    expect(await one.ask('1.2.0.192.in-addr.arpa PTR')).toMatchObject({ status: 'found', records: names })
    expect(one.server.queries.map(({ tcp }) => tcp)).toEqual([false, true])
  }
})

it('the next try after a TCP connection that says nothing', async () => {
  const one = await make(ZONE, LOST)
  one.server.behave('*', 'tcp-silence', 2)
  expect(await status(one)).toBe('found')
  expect(one.server.queries.map(({ tcp }) => tcp)).toEqual([false, true, false])
})

it('falls back to plain queries for a server from before EDNS, and remembers it', async () => {
  for (const behaviour of ['no-edns', 'no-edns-bare'] as const) {
    const one = await make(`${ZONE}\nother.example A 192.0.2.2`)
    one.server.behave('*', behaviour)
    expect([await status(one), await status(one, 'other.example A')]).toEqual(['found', 'found'])
    expect(one.server.queries.map(({ edns }) => edns)).toEqual([true, false, false])
  }
})

it('shows a hostile PTR name for what it is', async () => {
  const one = await make('')
  one.server.behave('*', (query) => rawReply(query, [
    { type: 12, rdata: wireName('mail.bank', 'example') },
    { type: 12, rdata: wireName(Buffer.from('a\r\nMAIL'), '\0', Buffer.from([0xe2, 0x80, 0xae])) },
    { owner: wireName('1', '2', '0', '192', 'IN-ADDR', 'ARPA'), type: 12, rdata: wireName('Ok', 'EXAMPLE') },
    { owner: wireName('9', '2', '0', '192', 'in-addr', 'arpa'), type: 12, rdata: wireName('unrelated', 'example') },
  ]))
  expect((await one.ask('1.2.0.192.in-addr.arpa PTR')).records).toEqual(['mail\\.bank.example', 'a\\013\\010mail.\\000.\\226\\128\\174', 'ok.example'])
})

it('a CNAME chain across replies is cut at 8, and a loop across replies found', async () => {
  const chain = Array.from({ length: 12 }, (_, index) => `n${index}.example CNAME n${index + 1}.example`).join('\n')
  const one = await make(`${chain}\nn12.example A 192.0.2.1\na.example CNAME b.example\nb.example CNAME c.example\nc.example CNAME a.example`)
  one.server.behave('*', 'one-cname')
  expect(await one.ask('n0.example A')).toMatchObject({ status: 'malformed', chain: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `n${n}.example`) })
  expect(await one.ask('n4.example A')).toMatchObject({ status: 'found', chain: [5, 6, 7, 8, 9, 10, 11, 12].map((n) => `n${n}.example`) })
  expect((await one.ask('a.example A')).status).toBe('malformed')
})

it('a CNAME to a name that may not be asked is malformed', async () => {
  const one = await make('')
  one.server.behave('*', (query) => rawReply(query, [{ type: 5, rdata: wireName('a.b', 'example') }]))
  expect(await one.ask(ASK)).toMatchObject({ status: 'malformed', chain: ['a\\.b.example'], records: [] })
})

it('uses many source ports and ids', async () => {
  const one = await make(ZONE)
  for (let count = 0; count < 40; count += 1) await one.ask(ASK, { fresh: true })
  expect(new Set(one.server.queries.map(({ port }) => port)).size).toBeGreaterThan(2)
})

it('retires its sockets, losing nothing', async () => {
  const one = await make(ZONE)
  for (let round = 0; round < 30; round += 1) {
    const names = Array.from({ length: 100 }, (_, index) => `n${round}-${index}.example A`)
    expect(new Set(await Promise.all(names.map((name) => status(one, name))))).toEqual(new Set(['nxdomain']))
  }
  expect(new Set(one.server.queries.map(({ port }) => port)).size).toBeGreaterThan(4)
})

it('takes new settings for the next question', async () => {
  const [first, second] = [await startNameserver(ZONE), await startNameserver('mail.acme.example A 192.0.2.2')]
  let servers = [first.address]
  const resolver = createResolver({ settings: () => ({ servers, timeoutMs: 1000, tries: 2 }), clock: realClock })
  const ask = () => resolver.resolve(question(ASK), { deadline: realClock.monotonic() + 8000, fresh: true })
  expect((await ask()).records).toEqual(['192.0.2.1'])
  servers = [second.address]
  expect((await ask()).records).toEqual(['192.0.2.2'])
  resolver.close()
  await Promise.all([first.close(), second.close()])
})

it('answers what is under way with `timeout` when it is closed', async () => {
  const one = await make(ZONE, { timeoutMs: 60_000 })
  one.server.behave('*', 'silence')
  const answer = one.ask(ASK)
  await one.server.seen(1)
  one.resolver.close()
  expect((await answer).status).toBe('timeout')
  expect((await one.ask(ASK)).status).toBe('timeout')
})
