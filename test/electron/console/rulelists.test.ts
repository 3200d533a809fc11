/** Rules from and to files, suggestions, and who is forgiven by name, through the API's own procedures. */
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { parseAddress } from '../../../shared/net/ip.ts'
import { manualClock } from '../../fakes/clock.ts'
import { entry, record } from './records.ts'
import { world } from './world.ts'

async function gate() {
  const part = await world()
  return { ...part, call: createRouterClient(part.router) }
}

test('imported in one call, exported as CSV or as a plain list of one kind', async () => {
  const { call, rules, resolver, clock } = await gate()
  const until = new Date(clock.now() + 3_600_000).toISOString()
  expect(await call.rules.import({ rules: [
    { kind: 'ban', scope: '192.0.2.1', reason: '=1+1', until },
    { kind: 'ban', scope: '192.0.2.2', reason: '', until: null },
    { kind: 'ban', scope: '192.0.2.3', reason: 'the usual time' },
    { kind: 'allow', scope: '198.51.100.1', reason: 'partner' },
    { kind: 'ban', scope: '192.0.2.4', reason: 'over', until: '2020-01-01T00:00:00Z' },
  ] })).toEqual({ ok: true, added: 4 })
  expect(resolver.forgotten).toEqual(['1.100.51.198.in-addr.arpa'])
  const length = (scope: string) => {
    const rule = rules.list().find((each) => each.scope === scope)!
    return rule.until === null ? 'ever' : Math.round((Date.parse(rule.until) - clock.now()) / 360_000) / 10
  }
  expect(['192.0.2.1', '192.0.2.2', '192.0.2.3', '198.51.100.1'].map(length)).toEqual([1, 'ever', 96, 'ever'])
  expect(rules.list().every((rule) => rule.by === 'admin')).toBe(true)
  expect((await call.rules.export({ format: 'plain', kind: 'ban' })).text).toBe('192.0.2.1 # =1+1\n192.0.2.2\n192.0.2.3 # the usual time\n')
  expect((await call.rules.export({ format: 'csv' })).text.split('\r\n').map((line) => line.split(',').slice(0, 3).join())).toEqual(['scope,kind,reason', "192.0.2.1,ban,'=1+1", '192.0.2.2,ban,', '192.0.2.3,ban,the usual time', '198.51.100.1,allow,partner', ''])
})

test('what could not be added is counted and named', async () => {
  const { call } = await gate()
  expect(await call.rules.import({ rules: [{ kind: 'ban', scope: '192.0.2.1', reason: '' }, { kind: 'ban', scope: '192.0.2.1/24', reason: '' }] }))
    .toEqual({ ok: false, problem: '1 of 2 rules were not added: "192.0.2.1/24": has host bits set; the network is 192.0.2.0/24' })
})

test('suggestions, each with the senders it would hit or free', async () => {
  const { call, rules, store, strikes, clock } = await gate()
  const at = new Date(clock.now()).toISOString()
  for (let n = 1; n <= 8; n++) await rules.add({ kind: 'ban', scope: `192.0.2.${n}`, reason: '', by: 'admin' })
  store.record(entry({ session: record({ at, client: '192.0.2.99', disposition: 'accepted', verifiedName: 'mx.good.example' }) }))
  for (const disposition of ['rejected', 'would-reject'] as const) store.record(entry({ session: record({ at, client: '198.51.100.7', disposition, ptrNames: ['mail-1.google.com'], verifiedName: 'mail-1.google.com' }) }))
  store.record(entry({ session: record({ at, client: '198.51.100.8', disposition: 'rejected', ehlo: 'mail-2.google.com', verifiedName: null }) }))
  expect(strikes.earned()).toEqual([])
  const all = await call.rules.suggestions()
  expect(all[0]).toEqual({ kind: 'ban-network', scope: '192.0.2.0/24', members: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `192.0.2.${n}`), senders: [{ client: '192.0.2.99', name: 'mx.good.example', sessions: 1 }] })
  expect(all.find(({ scope }) => scope === '.google.com')).toEqual({ kind: 'allow-provider', scope: '.google.com', provider: 'Gmail and Google Workspace', senders: [{ client: '198.51.100.7', name: 'mail-1.google.com', sessions: 2 }] })
})

test('whitelisting a name forgives who bears it, verified', async () => {
  const { call, rules, store, strikes } = await gate()
  const strike = (client: string, times: number) => {
    for (let n = 0; n < times; n++) strikes.strike(parseAddress(client)!, 'ehlo-mismatch')
  }
  for (const client of ['192.0.2.7', '192.0.2.8']) strike(client, 9)
  store.record(entry({ session: record({ client: '192.0.2.7', ptrNames: ['out.acme.example'], verifiedName: 'out.acme.example' }) }))
  store.record(entry({ session: record({ client: '192.0.2.8', ehlo: 'out.acme.example', verifiedName: null }) }))
  await call.rules.add({ kind: 'allow', scope: '.acme.example', reason: '' })
  for (const client of ['192.0.2.7', '192.0.2.8']) strike(client, 1)
  expect(rules.list().map((rule) => `${rule.kind} ${rule.scope} ${rule.by}`)).toEqual(['ban 192.0.2.8 auto', 'allow .acme.example admin'])
})

test('how often rules were run into, by the hour and by the day, and when last', async () => {
  const clock = manualClock(Date.parse('2026-11-23T15:20:00.000Z'))
  const { router, rules, store } = await world({ clock })
  const call = createRouterClient(router)
  for (const scope of ['192.0.2.1', '192.0.2.2']) await rules.add({ kind: 'ban', scope, reason: '', by: 'admin' })
  const minute = (iso: string) => Date.parse(iso) / 60_000
  for (const [at, hits] of [['2026-11-21T16:05:00Z', 1], ['2026-11-22T15:59:00Z', 2], ['2026-11-23T14:00:00Z', 3], ['2026-11-23T14:59:00Z', 4], ['2026-11-23T15:10:00Z', 5]] as const) {
    await store.addHits([{ kind: 'ban', scope: '192.0.2.1', minute: minute(at), hits }])
  }
  const asked = [{ kind: 'ban' as const, scope: '192.0.2.2' }, { kind: 'ban' as const, scope: '192.0.2.1' }]
  expect(await call.rulestats.history({ rules: asked, step: 'hour', steps: 3 })).toEqual({
    from: '2026-11-23T13:00:00.000Z', stepMs: 3_600_000, rules: [{ ...asked[0], hits: [0, 0, 0], lastHit: null }, { ...asked[1], hits: [0, 7, 5], lastHit: '2026-11-23T15:00:00.000Z' }],
  })
  rules.hit(rules.match(parseAddress('192.0.2.2')!).ban!)
  expect((await call.rulestats.history({ rules: asked, step: 'day', steps: 2 })).rules).toEqual([{ ...asked[0], hits: [0, 0], lastHit: '2026-11-23T15:20:00.000Z' }, { ...asked[1], hits: [3, 12], lastHit: '2026-11-23T15:00:00.000Z' }])
  expect(rules.list().map(({ scope, hits, lastHit }) => [scope, hits, lastHit])).toEqual([['192.0.2.1', 0, undefined], ['192.0.2.2', 1, '2026-11-23T15:20:00.000Z']])
})
