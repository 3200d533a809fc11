// Gathering: which questions are asked when, deadlines, the budget of 40, order. Over the resolver double; the last part over the real one.
import { afterEach, describe, expect, it } from 'vitest'
import { createGatherer } from '../../../electron/dns/gather.ts'
import type { Evidence } from '../../../shared/dns/evidence.ts'
import { iprevOf } from '../../../shared/dns/iprev.ts'
import { ehloMatch } from '../../../shared/dns/ehloside.ts'
import { manualClock } from '../../fakes/clock.ts'
import { fakeResolver } from '../../fakes/resolver.ts'
import { realClock, rig } from './tools.ts'
import type { Rig } from './tools.ts'

const PTR = '1.2.0.192.in-addr.arpa'
const summary = (evidence: Evidence) => [...evidence.answers].map(([key, answer]) => `${key} ${answer.status}`)

function setUp(zone: string, client = '192.0.2.1') {
  const clock = manualClock()
  const resolver = fakeResolver(zone, clock)
  const gathering = createGatherer(resolver, clock).begin(client, { fresh: false })
  return { clock, resolver, gathering }
}
/** Lets everything that is settled run. */
const quiet = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}

describe('gathering', () => {
  it('starts with the PTR at connect; the EHLO name comes when it is said', async () => {
    const { resolver, gathering } = setUp(`${PTR} PTR mail.acme.example\nmail.acme.example A 192.0.2.1\nacme.example MX 10 mail.acme.example`)
    expect(resolver.asked).toEqual([`${PTR}. PTR`])
    const ptr = await gathering.ptrSide()
    expect({ client: ptr.client, ehlo: ptr.ehlo, answers: summary(ptr) }).toEqual(
      { client: '192.0.2.1', ehlo: null, answers: [`${PTR}. PTR found`, 'mail.acme.example. A found'] })
    const both = await gathering.ehloSide('Acme.Example.')
    expect({ client: both.client, ehlo: both.ehlo, answers: summary(both) }).toEqual({
      client: '192.0.2.1', ehlo: 'Acme.Example.',
      answers: [`${PTR}. PTR found`, 'mail.acme.example. A found', 'acme.example. A nodata', 'acme.example. AAAA nodata', 'acme.example. MX found'],
    })
    expect(ehloMatch(both)).toMatchObject({ state: 'match', by: 'mx' })
  })

  it('asks each question once, for all sides and names', async () => {
    const { resolver, gathering } = setUp(`${PTR} PTR mail.acme.example\nmail.acme.example A 192.0.2.1`)
    await Promise.all([gathering.ptrSide(), gathering.ehloSide('mail.acme.example'), gathering.ehloSide('MAIL.acme.example')])
    await gathering.ehloSide('mail.acme.example')
    expect(resolver.asked).toEqual([`${PTR}. PTR`, 'mail.acme.example. A'])
  })

  it('evidence of a second name has none of the first', async () => {
    const { gathering } = setUp('a.example A 192.0.2.9\nb.example A 192.0.2.1')
    await gathering.ehloSide('a.example')
    expect(summary(await gathering.ehloSide('b.example'))).toEqual([`${PTR}. PTR nxdomain`, 'b.example. A found'])
  })

  it('asks nothing for what is no name', async () => {
    const { resolver, gathering } = setUp('')
    for (const ehlo of ['[192.0.2.1]', 'fred', '', '192.0.2.1', 'a b']) expect(summary(await gathering.ehloSide(ehlo))).toEqual([`${PTR}. PTR nxdomain`])
    expect(resolver.asked).toEqual([`${PTR}. PTR`])
  })

  it('an IPv4-mapped client is IPv4; an IPv6 one is asked for AAAA', async () => {
    const mapped = setUp(`${PTR} PTR a.example\na.example A 192.0.2.1`, '::ffff:192.0.2.1')
    expect(iprevOf(await mapped.gathering.ptrSide()).verifiedNames).toEqual(['a.example'])
    const six = setUp('b.example AAAA 2001:db8::1', '2001:DB8::1')
    expect(summary(await six.gathering.ehloSide('b.example')).slice(1)).toEqual(['b.example. AAAA found'])
    expect((await six.gathering.ptrSide()).client).toBe('2001:db8::1')
  })

  it('order is the plan’s, whatever the order of answers', async () => {
    const { resolver, gathering } = setUp(`${PTR} PTR b.example\n${PTR} PTR a.example\na.example A 192.0.2.1\nb.example A 192.0.2.1\nc.example A 192.0.2.1`)
    resolver.hold('b.example. A')
    const side = gathering.ehloSide('c.example')
    await quiet()
    expect(resolver.asked).toEqual([`${PTR}. PTR`, 'c.example. A', 'b.example. A', 'a.example. A'])
    resolver.release()
    expect(summary(await side)).toEqual([`${PTR}. PTR found`, 'b.example. A found', 'a.example. A found', 'c.example. A found'])
  })

  it('passes on whether it must be fresh, for whom, and one budget', async () => {
    const clock = manualClock()
    const resolver = fakeResolver(`${PTR} PTR a.example`, clock)
    await createGatherer(resolver, clock).begin('192.0.2.1', { fresh: true }).ehloSide('b.example')
    expect(resolver.options.map(({ fresh, client }) => ({ fresh, client }))).toEqual(resolver.options.map(() => ({ fresh: true, client: '192.0.2.1' })))
    expect(new Set(resolver.options.map(({ budget }) => budget))).toEqual(new Set([{ left: 35 }]))
  })
})

describe('time', () => {
  it('gives the PTR side 8 s from connect and the EHLO side 8 s from EHLO', async () => {
    const { clock, resolver, gathering } = setUp(`${PTR} PTR a.example\na.example A !timeout\nb.example A !timeout`)
    await quiet()
    clock.advance(5000)
    const ehlo = gathering.ehloSide('b.example')
    await quiet()
    expect(resolver.options.map(({ deadline }) => deadline)).toEqual([9000, 9000, 14_000])
    clock.advance(3000)
    expect(iprevOf(await gathering.ptrSide()).iprev).toBe('temperror')
    clock.advance(5000)
    const evidence = await ehlo
    expect(summary(evidence)).toEqual([`${PTR}. PTR found`, 'a.example. A timeout', 'b.example. A timeout', 'b.example. MX timeout'])
    expect(ehloMatch(evidence).state).toBe('temporary')
    expect([...evidence.answers.values()].map(({ ms }) => ms)).toEqual([0, 8000, 8000, 0])
  })

  it('an EHLO side that is done waits for the PTR side', async () => {
    const { clock, gathering } = setUp(`${PTR} PTR !timeout\nb.example A 192.0.2.1`)
    const ehlo = gathering.ehloSide('b.example')
    await quiet()
    clock.advance(8000)
    expect(summary(await ehlo)).toEqual([`${PTR}. PTR timeout`, 'b.example. A found'])
  })

  it('settles at once with what is there when the connection is gone, and asks no more', async () => {
    const { resolver, gathering } = setUp(`${PTR} PTR a.example`)
    resolver.hold('*')
    const side = gathering.ehloSide('b.example')
    gathering.stop()
    expect(iprevOf(await side).iprev).toBe('temperror')
    resolver.release()
    await quiet()
    expect(resolver.asked).toEqual([`${PTR}. PTR`, 'b.example. A'])
    expect(iprevOf(await gathering.ptrSide()).iprev).toBe('temperror')
  })
})

describe('the limit of 40 queries', () => {
  it('holds over all names of a connection; what is beyond is temporary', async () => {
    const { resolver, gathering } = setUp('')
    const states: string[] = []
    for (let number = 0; number < 15; number += 1) states.push(ehloMatch(await gathering.ehloSide(`n${number}.example`)).state)
    expect(states).toEqual([...Array<string>(13).fill('unresolvable'), 'temporary', 'temporary'])
    expect(resolver.options[0]?.budget).toEqual({ left: 0 })
  })

  const rigs: Rig[] = []
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map((one) => one.close()))
  })

  it('counts each name that must be asked for on the way of a CNAME; a server that says so little is not asked more than 40 times', async () => {
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const chains = names.flatMap((n) => [1, 2, 3, 4, 5].map((hop) => `c${hop}.n${n}.example CNAME c${hop + 1}.n${n}.example`))
    const zone = [...names.map((n) => `${PTR} PTR c1.n${n}.example`), ...chains, ...names.map((n) => `c6.n${n}.example A 192.0.2.9`)].join('\n')
    const one = await rig(zone)
    rigs.push(one)
    one.server.behave('*', 'one-cname')
    const gatherer = createGatherer(one.resolver, realClock)
    const first = await gatherer.begin('192.0.2.1', { fresh: false }).ptrSide()
    expect(one.server.queries.length).toBe(40)
    expect(iprevOf(first).iprev).toBe('temperror')
    expect([...first.answers.values()].filter(({ status }) => status === 'malformed').length).toBeGreaterThan(0)
  })

  it('a chain that comes in one reply is one query', async () => {
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const chains = names.flatMap((n) => [1, 2, 3, 4, 5].map((hop) => `c${hop}.n${n}.example CNAME c${hop + 1}.n${n}.example`))
    const one = await rig([...names.map((n) => `${PTR} PTR c1.n${n}.example`), ...chains].join('\n'))
    rigs.push(one)
    const evidence = await createGatherer(one.resolver, realClock).begin('192.0.2.1', { fresh: false }).ptrSide()
    expect(iprevOf(evidence)).toMatchObject({ iprev: 'fail', verifiedNames: [] })
    expect(one.server.queries.length).toBe(11)
  })
})
