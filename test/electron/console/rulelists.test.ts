/** Rules from and to files, suggestions, and who is forgiven by name, through the API's own procedures. */
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { parseAddress } from '../../../shared/net/ip.ts'
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
