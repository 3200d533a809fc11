/** The sample senders and their DNS, judged by the real rules. */
import { describe, expect, it } from 'vitest'
import { createGatherer } from '../../../electron/dns/gather.ts'
import { CAST } from '../../../electron/practice/cast.ts'
import { entrances } from '../../../electron/practice/play.ts'
import { createSampleResolver } from '../../../electron/practice/resolver.ts'
import { judge } from '../../../shared/gate/verdict.ts'
import type { RuleSet } from '../../../shared/gate/verdict.ts'
import { manualClock } from '../../fakes/clock.ts'

const hostname = 'mx.shop.example'

async function judged(client: string, ehlo: string, rules: RuleSet) {
  const clock = manualClock()
  const resolver = createSampleResolver(clock, () => Promise.resolve())
  const gathering = createGatherer(resolver, clock).begin(client, { fresh: false })
  await gathering.ptrSide()
  const evidence = await gathering.ehloSide(ehlo)
  gathering.stop()
  return judge(evidence, { rules, hostname, domains: ['shop.example'], ourAddresses: ['198.51.100.2', '2001:db8::2'] })
}

describe('each is judged as its part says', () => {
  it.each(CAST.map((sender) => [sender.title, sender] as const))('%s', async (_, sender) => {
    const judgement = await judged(sender.client, sender.ehlo.replace('{banner}', hostname), 'house')
    expect({ verdict: judgement.verdict, findings: judgement.findings }).toEqual({ verdict: sender.verdict, findings: sender.findings })
  })
})

it('the pool and the Exchange server pass under the standard rules', async () => {
  expect((await judged('198.51.100.141', 'smtp-out.bigmail.example', 'standard')).verdict).toBe('accept')
  expect((await judged('198.51.100.60', 'EXCHANGE01.plumbers.local', 'standard')).verdict).toBe('accept')
})

it('the founding case is as it was in 2002', () => {
  const founding = CAST.find((sender) => sender.client === '216.33.111.150')
  expect(founding).toMatchObject({ ehlo: 'www.americangreetings.com', recipients: ['joe@shop.example'] })
})

it('at least twelve, no address twice, every verdict among them', () => {
  expect(CAST.length).toBeGreaterThanOrEqual(12)
  expect(new Set(CAST.map((sender) => sender.client)).size).toBe(CAST.length)
  expect(new Set(CAST.map((sender) => sender.verdict))).toEqual(new Set(['accept', 'reject', 'tempfail']))
})

it('a round: everyone as often as they come, the retrying one in between', () => {
  const round = entrances(CAST)
  expect(round.length).toBe(CAST.reduce((sum, sender) => sum + sender.attempts, 0))
  const spammer = round.flatMap((sender, index) => (sender.title === 'a retrying spammer' ? [index] : []))
  expect(spammer.every((at, index) => index === 0 || at - (spammer[index - 1] ?? 0) > 1)).toBe(true)
})

describe('sample answers', () => {
  const ask = (name: string, type: 'A' | 'AAAA' | 'PTR', deadline = 10_000) => {
    const clock = manualClock()
    const waited: number[] = []
    const resolver = createSampleResolver(clock, (ms) => Promise.resolve(waited.push(ms)))
    return resolver.resolve({ name, type }, { deadline: clock.monotonic() + deadline, fresh: false }).then((answer) => ({ ...answer, waited }))
  }

  it('found, no data, nonexistent', async () => {
    expect(await ask('www.americangreetings.com', 'A')).toEqual({
      question: { name: 'www.americangreetings.com', type: 'A' }, status: 'found', records: ['216.33.97.70'], chain: [], ttl: 3600, ms: 180, server: 'sample answers', waited: [180],
    })
    expect(await ask('www.americangreetings.com', 'AAAA')).toMatchObject({ status: 'nodata', records: [] })
    expect(await ask('nobody.example', 'A')).toMatchObject({ status: 'nxdomain', records: [] })
  })

  it('past the deadline it is a timeout, and takes no longer', async () => {
    expect(await ask('www.americangreetings.com', 'A', 100)).toMatchObject({ status: 'timeout', records: [], ttl: null, server: null, waited: [100] })
  })
})
