/** Many rules at once, over the API's own procedures: the stream, lifting and putting back, edits, what a rule would meet, suggestions dismissed. */
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { watchRules } from '../../../electron/console/rulewatch.ts'
import type { RuleNews } from '../../../shared/api/rulework.ts'
import type { Rule } from '../../../shared/events.ts'
import { entry, record } from './records.ts'
import { world } from './world.ts'

async function gate() {
  const part = await world()
  return { ...part, call: createRouterClient(part.router) }
}

const scopesOf = (rules: readonly Rule[]) => rules.map(({ kind, scope }) => `${kind} ${scope}`).sort()

test('the stream tells all in pieces, then only what changes', async () => {
  const { rules } = await gate()
  await Promise.all(Array.from({ length: 4500 }, (_, n) => rules.add({ kind: 'ban', scope: `10.0.${n >> 8}.${n & 255}`, reason: '', by: 'admin' })))
  const stop = new AbortController()
  const stream = watchRules(rules, stop.signal, 20)
  const next = async () => (await stream.next()).value as RuleNews
  const first = [await next(), await next(), await next(), await next()]
  expect(first.map(({ stage, total, put }) => [stage, total, put.length])).toEqual([['first', 4500, 2000], ['more', 4500, 2000], ['more', 4500, 500], ['loaded', 4500, 0]])
  const change = next()
  await rules.add({ kind: 'allow', scope: '.acme.example', reason: '', by: 'admin' })
  await rules.remove('ban', '10.0.0.1')
  expect(await change).toMatchObject({ stage: 'change', put: [{ kind: 'allow', scope: '.acme.example' }], gone: [['ban', '10.0.0.1']] })
  const hit = next()
  rules.hit(rules.list().find(({ scope }) => scope === '10.0.0.2')!)
  expect((await hit).put).toMatchObject([{ scope: '10.0.0.2', hits: 1 }])
  const end = stream.next()
  stop.abort()
  expect((await end).done).toBe(true)
})

test('an empty list is loaded, too; who goes away leaves nothing behind', async () => {
  const { rules } = await gate()
  const stop = new AbortController()
  const stream = watchRules(rules, stop.signal, 20)
  expect([(await stream.next()).value, (await stream.next()).value]).toEqual([{ stage: 'first', total: 0, put: [], gone: [] }, { stage: 'loaded', total: 0, put: [], gone: [] }])
  stop.abort()
  expect((await stream.next()).done).toBe(true)
})

test('lifted together, and put back as they were: who, since, hits, what is left of the time', async () => {
  const { call, rules, store, clock } = await gate()
  await rules.add({ kind: 'ban', scope: '192.0.2.1', reason: 'strikes', by: 'auto', forMs: 3_600_000 })
  await rules.add({ kind: 'allow', scope: '.acme.example', reason: 'partner', by: 'admin' })
  rules.hit(rules.list()[0]!)
  const before = rules.list()
  const { removed, problem } = await call.ruleWork.lift({ rules: [{ kind: 'ban', scope: '192.0.2.1' }, { kind: 'allow', scope: '.acme.example' }, { kind: 'ban', scope: '203.0.113.1' }] })
  expect([scopesOf(removed), problem, rules.list()]).toEqual([['allow .acme.example', 'ban 192.0.2.1'], null, []])
  const over: Rule = { ...removed[0]!, scope: '192.0.2.9', until: new Date(clock.now() - 1000).toISOString() }
  expect(await call.ruleWork.restore({ rules: [...removed, over] })).toEqual({ ok: true, restored: 2 })
  expect(rules.list()).toEqual(before)
  expect((await store.loadRules()).find(({ scope }) => scope === '192.0.2.1')).toMatchObject({ by: 'auto', hits: 1, reason: 'strikes' })
})

test('what cannot be written down is not lifted, and the problem is told', async () => {
  const { call, rules, store } = await gate()
  await rules.add({ kind: 'ban', scope: '192.0.2.1', reason: '', by: 'admin' })
  store.failWith = 'disk full'
  const { removed, problem } = await call.ruleWork.lift({ rules: [{ kind: 'ban', scope: '192.0.2.1' }] })
  expect([removed, problem]).toEqual([[], 'the change could not be stored: disk full'])
  expect(rules.list()).toHaveLength(1)
})

test('an edit keeps since and hits; the rule is the admin’s from then on', async () => {
  const { call, rules, clock } = await gate()
  await rules.add({ kind: 'ban', scope: '192.0.2.1', reason: 'strikes', by: 'auto', forMs: 3_600_000 })
  const [before] = rules.list()
  const kept = await call.ruleWork.edit({ kind: 'ban', scope: '192.0.2.1', reason: 'called' })
  expect(kept).toMatchObject({ ok: true, before, rule: { reason: 'called', by: 'admin', since: before!.since, until: before!.until } })
  expect(await call.ruleWork.edit({ kind: 'ban', scope: '192.0.2.1', reason: 'called', forMs: null })).toMatchObject({ ok: true, rule: { until: null } })
  const hour = await call.ruleWork.edit({ kind: 'ban', scope: '192.0.2.1', reason: 'called', forMs: 3_600_000 })
  expect(Math.abs(Date.parse((hour as { rule: Rule }).rule.until!) - clock.now() - 3_600_000)).toBeLessThan(5000)
  expect(await call.ruleWork.edit({ kind: 'ban', scope: '192.0.2.2', reason: '' })).toEqual({ ok: false, problem: '192.0.2.2 is not there any more' })
})

test('what a rule would have met: accepted senders, and what was refused, by network and by verified name', async () => {
  const { call, store, clock } = await gate()
  const at = (days: number) => new Date(clock.now() - days * 86_400_000).toISOString()
  const put = (client: string, disposition: 'accepted' | 'rejected' | 'deferred', verifiedName: string | null, days = 1) =>
    store.record(entry({ session: record({ at: at(days), client, disposition, verifiedName, ptrNames: verifiedName === null ? [] : [verifiedName], ehlo: 'x.example' }) }))
  put('192.0.2.1', 'accepted', 'mail.acme.example')
  put('192.0.2.2', 'rejected', null)
  put('192.0.2.2', 'rejected', null)
  put('192.0.2.3', 'deferred', 'out.acme.example')
  put('192.0.2.4', 'rejected', null, 40)
  put('198.51.100.1', 'rejected', null)
  expect(await call.ruleWork.impact({ kind: 'ban', scope: '192.0.2.0/24' })).toEqual({
    ok: true, scope: '192.0.2.0/24', wouldHit: [{ client: '192.0.2.1', name: 'mail.acme.example', sessions: 1 }], refused: { sessions: 3, clients: 2, atLeast: false },
  })
  expect(await call.ruleWork.impact({ kind: 'allow', scope: '.acme.example' })).toMatchObject({ wouldHit: [{ client: '192.0.2.1' }], refused: { sessions: 1, clients: 1 } })
  expect(await call.ruleWork.impact({ kind: 'allow', scope: 'acme.example' })).toMatchObject({ wouldHit: [], refused: { sessions: 0 } })
  expect(await call.ruleWork.impact({ kind: 'ban', scope: '192.0.2.1/24' })).toMatchObject({ ok: false, problem: expect.stringContaining('host bits') as string })
  expect(await call.ruleWork.goodSenders()).toEqual([{ client: '192.0.2.1', name: 'mail.acme.example', sessions: 1 }])
})

test('a dismissed suggestion stays away until it is taken back', async () => {
  const { call } = await gate()
  const all = await call.ruleWork.suggestions()
  expect([all.counts['allow-provider'], all.dismissed]).toEqual([all.open.length, []])
  const [first] = all.open
  expect(await call.ruleWork.dismiss({ kind: first!.kind, scope: first!.scope, dismissed: true })).toEqual({ ok: true })
  const later = await call.ruleWork.suggestions()
  expect([later.open.some(({ scope }) => scope === first!.scope), later.dismissed.map(({ scope }) => scope), later.counts['allow-provider']]).toEqual([false, [first!.scope], all.open.length - 1])
  await call.ruleWork.dismiss({ kind: first!.kind, scope: first!.scope, dismissed: false })
  expect((await call.ruleWork.suggestions()).open).toEqual(all.open)
})
