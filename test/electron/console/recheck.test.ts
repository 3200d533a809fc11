/** Check again: fresh answers, then beside now, and what a client that passes is released from (POLICY, Bans); the sender's history. */
import { describe, expect, test } from 'vitest'
import { recheck } from '../../../electron/console/recheck.ts'
import { leadsOf, senderHistory } from '../../../electron/console/history.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { entry, record } from './records.ts'
import { world } from './world.ts'

const CLIENT = '216.33.111.150'
const BROKEN = 'www.americangreetings.com. A 216.33.97.70\n'
const REPAIRED = `150.111.33.216.in-addr.arpa. PTR www.americangreetings.com.\nwww.americangreetings.com. A 216.33.97.70\nwww.americangreetings.com. A ${CLIENT}\n`
const session = entry({
  evidence: [
    { question: { name: '150.111.33.216.in-addr.arpa', type: 'PTR' }, status: 'nxdomain', records: [], chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53' },
    { question: { name: 'www.americangreetings.com', type: 'A' }, status: 'found', records: ['216.33.97.70'], chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53' },
    { question: { name: 'www.americangreetings.com', type: 'MX' }, status: 'nodata', records: [], chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53' },
  ],
})

async function scene(zone = BROKEN) {
  const parts = await world({ zone })
  parts.store.record(session)
  const strikeTimes = (count: number) => {
    for (let n = 0; n < count; n += 1) parts.strikes.strike(parseAddress(CLIENT)!, 'ptr-missing')
  }
  const again = async (release = true) => {
    const outcome = await recheck(parts.deps, 's1', release)
    if (!outcome.ok) throw new Error(outcome.problem)
    return outcome.result
  }
  return { ...parts, strikeTimes, again }
}

describe('check again', () => {
  test('asks past the cache and says what is wrong now; nothing is released', async () => {
    const { again, resolver, strikeTimes, strikes } = await scene()
    strikeTimes(2)
    const now = await again()
    expect(now).toMatchObject({ id: 's1', client: CLIENT, verdict: 'reject', refusedFor: ['ptr-missing', 'ehlo-mismatch'], rules: 'house', release: { kind: 'not-yet' } })
    expect(now.sentence).toContain('has no reverse name')
    expect(now.remedies[0]?.steps).toHaveLength(2)
    expect(resolver.options.every((options) => options.fresh)).toBe(true)
    expect(resolver.forgotten).toEqual([])
    expect(strikes.of(parseAddress(CLIENT)!).strikes).toHaveLength(2)
  })

  test('repaired: strikes and cached answers go, and it says so', async () => {
    const { again, resolver, strikeTimes, strikes } = await scene(REPAIRED)
    strikeTimes(3)
    const now = await again()
    expect(now).toMatchObject({ verdict: 'accept', verifiedName: 'www.americangreetings.com', refusedFor: [], remedies: [], release: { kind: 'released', lifted: null, stays: null, strikes: 3 } })
    expect(now.sentence).toContain('nothing is wrong')
    expect(resolver.forgotten).toHaveLength(1)
    expect(strikes.of(parseAddress(CLIENT)!).strikes).toEqual([])
  })

  test('only looked at: nothing changes', async () => {
    const { again, strikeTimes, strikes, resolver } = await scene(REPAIRED)
    strikeTimes(3)
    expect((await again(false)).release).toEqual({ kind: 'only-looked' })
    expect(strikes.of(parseAddress(CLIENT)!).strikes).toHaveLength(3)
    expect(resolver.forgotten).toEqual([])
  })

  test('the automatic ban is lifted', async () => {
    const { again, strikeTimes, rules, store } = await scene(REPAIRED)
    strikeTimes(10)
    expect(rules.match(parseAddress(CLIENT)!).ban).toMatchObject({ by: 'auto', scope: CLIENT })
    expect((await again()).release).toMatchObject({ kind: 'released', lifted: { by: 'auto', scope: CLIENT }, stays: null })
    expect(rules.match(parseAddress(CLIENT)!).ban).toBeNull()
    expect(await store.loadRules()).toEqual([])
  })

  test.each([['the very address', CLIENT], ['a wider network', '216.33.111.0/24']])('a ban made by hand stays, and is named: %s', async (_, scope) => {
    const { again, rules } = await scene(REPAIRED)
    await rules.add({ kind: 'ban', scope, reason: 'enough', by: 'admin' })
    expect((await again()).release).toMatchObject({ kind: 'released', lifted: null, stays: { by: 'admin', scope } })
    expect(rules.list()).toHaveLength(1)
  })

  test('an automatic ban inside a banned network: the one goes, the other stays', async () => {
    const { again, strikeTimes, rules } = await scene(REPAIRED)
    strikeTimes(10)
    await rules.add({ kind: 'ban', scope: '216.33.0.0/16', reason: '', by: 'admin' })
    expect((await again()).release).toMatchObject({ lifted: { scope: CLIENT }, stays: { scope: '216.33.0.0/16' } })
  })

  test('a ban that cannot be lifted is said to be so, and the strikes stay', async () => {
    const { again, strikeTimes, store } = await scene(REPAIRED)
    strikeTimes(10)
    store.failWith = 'disk full'
    expect((await again()).release).toMatchObject({ kind: 'failed', problem: expect.stringContaining('disk full') as string })
  })

  test('a temporary answer releases nobody', async () => {
    const { again, strikeTimes, rules } = await scene(`150.111.33.216.in-addr.arpa. PTR !servfail\nwww.americangreetings.com. A ${CLIENT}\n`)
    strikeTimes(10)
    expect(await again()).toMatchObject({ verdict: 'tempfail', release: { kind: 'not-yet' } })
    expect(rules.list()).toHaveLength(1)
  })

  test('without an EHLO the address is looked up alone; an unknown session is said to be so', async () => {
    const { deps, store, resolver } = await scene(REPAIRED)
    store.record(entry({ session: record({ id: 's2', ehlo: null }) }))
    const outcome = await recheck(deps, 's2', false)
    expect(outcome.ok && outcome.result.evidence.map(({ question }) => question.type)).toEqual(['PTR', 'A'])
    expect(resolver.asked).not.toContain('www.americangreetings.com. MX')
    expect(await recheck(deps, 'nobody', true)).toMatchObject({ ok: false, problem: expect.stringContaining('not in the journal') as string })
  })

  test('a sample sender is judged by the sample answers', async () => {
    const { deps, resolver } = await scene(REPAIRED)
    const asked: string[] = []
    const outcome = await recheck({ ...deps, gatherFor: (client) => {
      asked.push(client)
      return deps.gatherFor(client)
    } }, 's1', false)
    expect([outcome.ok, asked, resolver.asked.length > 0]).toEqual([true, [CLIENT], true])
  })
})

describe('history', () => {
  test('attempts, strikes that count, rules in force', async () => {
    const { deps, store, strikeTimes, rules, clock } = await scene()
    store.record(entry({ session: record({ id: 's2', at: new Date(clock.now()).toISOString() }) }))
    store.record(entry({ session: record({ id: 's3', client: '216.33.111.151' }) }))
    strikeTimes(1)
    await rules.add({ kind: 'ban', scope: '216.33.111.0/24', reason: 'enough', by: 'admin' })
    await rules.add({ kind: 'allow', scope: 'mail.acme.example', reason: '', by: 'admin' })
    const known = await senderHistory(deps, CLIENT, [])
    expect(known).toMatchObject({ scope: CLIENT, more: false, ban: { scope: '216.33.111.0/24' }, allow: null, needed: 10, windowMinutes: 60, bansBefore: 0, suggestedAt: null })
    expect(known?.attempts.map(({ id, strike }) => [id, strike])).toEqual([['s2', 1], ['s1', null]])
    expect(known?.strikes).toHaveLength(1)
    expect((await senderHistory(deps, CLIENT, ['mail.acme.example']))?.allow).toMatchObject({ scope: 'mail.acme.example' })
    expect(await senderHistory(deps, 'nonsense', [])).toBeNull()
  })

  test('where the names led at the time', async () => {
    const { deps } = await scene()
    expect(await leadsOf(deps, ['s1', 's1', 'nobody'])).toEqual([{ id: 's1', ehlo: ['216.33.97.70'], reverse: [] }])
  })
})
