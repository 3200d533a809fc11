/** What every StorePort promises; run for the real store and for the double. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SenderQuery, SessionFilter, StorePort } from '../../electron/ports.ts'
import type { Rule } from '../../shared/events.ts'
import { parseSearch } from '../../shared/search/query.ts'
import { reportsContract } from './storereports.ts'
import { CAST, NOW, RULE, entryOf } from './storecast.ts'
import { surveyContract } from './storesurvey.ts'

export interface StoreHarness {
  /** A fresh, empty store. */
  open(): Promise<StorePort>
  close(): Promise<void>
}

export function storeContract(name: string, makeHarness: () => StoreHarness): void {
  surveyContract(name, makeHarness)
  describe(`store contract, filters: ${name}`, () => {
    let harness: StoreHarness
    let store: StorePort
    beforeAll(async () => {
      harness = makeHarness()
      store = await harness.open()
      for (const entry of CAST) store.record(entry)
    })
    afterAll(() => harness.close())

    const ids = async (filter: Partial<SessionFilter>) => (await store.sessions({ limit: 100, ...filter })).map((each) => each.id).join(' ')

    test.each<[Partial<SessionFilter>, string]>([
      [{}, 's5 s4 s3 s2 s1'],
      [{ limit: 2 }, 's5 s4'],
      [{ before: 's4' }, 's3 s2 s1'],
      [{ before: 's4', limit: 1 }, 's3'],
      [{ before: 'unknown' }, ''],
      [{ client: '216.33.111.150' }, 's1'],
      [{ client: '::ffff:216.33.111.150' }, 's1'],
      [{ client: '192.0.2.0/24' }, 's4 s3'],
      [{ client: '192.0.2.0/23' }, 's5 s4 s3'],
      [{ client: '192.0.2.192/26' }, 's4'],
      [{ client: '0.0.0.0/0' }, 's5 s4 s3 s1'],
      [{ client: '2001:db8::/32' }, 's2'],
      [{ client: '2001:db8:0:0::/65' }, 's2'],
      [{ client: '2001:DB8:0::25' }, 's2'],
      [{ client: '192.0.2.1/24' }, ''],
      [{ client: 'nonsense' }, ''],
      [{ name: 'acme.example' }, 's4 s2'],
      [{ name: 'ACME.example.' }, 's4 s2'],
      [{ name: 'mail.acme.example' }, 's2'],
      [{ name: 'pool.example' }, 's3'],
      [{ name: '[192.0.2.7]' }, 's3'],
      [{ name: 'example' }, 's4 s3 s2'],
      [{ rcpt: 'JOE@shop.example' }, 's4 s2 s1'],
      [{ rcpt: 'ann@shop.example' }, 's3 s2'],
      [{ rcpt: 'early@shop.example' }, 's4'],
      [{ rcpt: 'nobody@shop.example' }, ''],
      [{ sender: 'bob@acme.example' }, 's2'],
      [{ sender: 'acme.example' }, 's4 s2'],
      [{ sender: '@acme.example' }, 's2'],
      [{ sender: 'other.example' }, 's4'],
      [{ sender: '<>' }, 's3'],
      [{ sender: '' }, 's3'],
      [{ disposition: 'rejected' }, 's1'],
      [{ disposition: 'no such' }, ''],
      [{ finding: 'ptr-missing' }, 's4 s3 s2 s1'],
      [{ finding: 'no such' }, ''],
      [{ since: '2026-11-23T14:54:00Z' }, 's5 s4'],
      [{ since: '2026-11-23T16:54:59+02:00' }, 's5 s4'],
      [{ client: '192.0.2.0/24', rcpt: 'ann@shop.example', disposition: 'deferred' }, 's3'],
      [{ client: '192.0.2.0/24', name: 'mail.acme.example' }, ''],
    ])('sessions %j', async (filter, expected) => {
      expect(await ids(filter)).toBe(expected)
    })

    const served = (domain: string) => domain === 'shop.example'
    test.each<[string, string, Partial<SessionFilter>?]>([
      ['', 's5 s4 s3 s2 s1'],
      ['192.0.2.7', 's3'],
      ['[192.0.2.7]', 's3'],
      ['192.0.2.0/24', 's4 s3'],
      ['192.0.2.0/23', 's5 s4 s3'],
      ['192.0.2.192/27', 's4'],
      ['192.0.2.128/26', ''],
      ['0.0.0.0/0', 's5 s4 s3 s1'],
      ['2001:db8::/33', 's2'],
      ['2001:db8::/60', 's2'],
      ['joe@shop.example', 's4 s2 s1'],
      ['bob@acme.example', 's2'],
      ['acme.example', 's4 s2'],
      ['.acme.example', 's4 s2'],
      ['pool.example', 's3'],
      ['notacme.example', 's4'],
      ['<>', 's3'],
      ['s2', 's2'],
      ['GREETINGS', 's1'],
      ['nothing of that kind', ''],
      ['joe@shop.example got nothing from acme.example', 's4 s2'],
      ['customer joe@shop.example got nothing from www.americangreetings.com', 's1'],
      ['“Joe” <joe@shop.example> got nothing from americangreetings.com!', 's1'],
      ['ann@shop.example got nothing from americangreetings.com', ''],
      ['ann@shop.example got nothing from pool.example', 's3'],
      ['ann@shop.example got nothing from pool.example or acme.example', 's3 s2'],
      ['joe@shop.example got nothing from 192.0.2.200', 's4'],
      ['early@shop.example got nothing from other.example', 's4'],
      ['shop.example got nothing from acme.example', 's4 s2'],
      ['joe@shop.example got nothing from somebody@acme.example', 's4 s2'],
      ['acme.example', 's2', { disposition: 'accepted' }],
      ['acme.example', 's2', { before: 's4' }],
      ['acme.example', '', { before: 's2' }],
      ['greetings', '', { before: 's1' }],
      ['greetings', 's1', { before: 's2' }],
      ['acme.example', 's4', { since: '2026-11-23T14:54:00Z' }],
      ['acme.example', 's4', { limit: 1 }],
    ])('search %s %j', async (text, expected, more = {}) => {
      expect(await ids({ ...more, search: parseSearch(text, served) })).toBe(expected)
    })
  })

  describe(`store contract: ${name}`, () => {
    let harness: StoreHarness
    let store: StorePort
    beforeEach(async () => {
      harness = makeHarness()
      store = await harness.open()
    })
    afterEach(() => harness.close())

    const ids = async (filter: Partial<SessionFilter>) => (await store.sessions({ limit: 100, ...filter })).map((each) => each.id).join(' ')

    test('a record, its evidence and transcript come back as they were', async () => {
      for (const entry of CAST) store.record(entry)
      for (const entry of CAST) expect(await store.entry(entry.session.id)).toEqual(entry)
      expect(await store.sessions({ limit: 100 })).toEqual(CAST.map((each) => each.session).reverse())
      expect(await store.entry('unknown')).toBeNull()
    })

    test('whom a ban would hit: accepted and whitelisted senders, most mail first', async () => {
      for (const entry of CAST) store.record(entry)
      for (const id of ['a', 'b']) store.record(entryOf(id, 100, { client: '192.0.2.9', verifiedName: 'nine.example', disposition: 'accepted' }))
      store.record(entryOf('old', 40 * 86_400, { client: '192.0.2.11', disposition: 'accepted' }))
      expect(await store.acceptedWithin('192.0.2.0/24', 30)).toEqual([
        { client: '192.0.2.9', name: 'nine.example', sessions: 2 },
        { client: '192.0.2.200', name: 'out.acme.example', sessions: 1 },
      ])
    })

    const keys = async (query: Partial<SenderQuery>) => (await store.senders({ sort: 'refused', limit: 100, ...query })).senders.map((each) => each.key).join(', ')
    const FOUNDING = '216.33.111.150'
    const mended = { ptrNames: ['www.americangreetings.com'], verifiedName: 'www.americangreetings.com', iprev: 'pass', verdict: 'accept', findings: [], refusedFor: [], disposition: 'accepted' } as const

    test('senders: one for each client, what is counted of it, and who is refused first', async () => {
      for (const entry of CAST) store.record(entry)
      for (const ago of [90, 30]) store.record(entryOf(`again${ago}`, ago))
      expect(await store.sender(FOUNDING)).toMatchObject({
        key: FOUNDING, domain: 'americangreetings.com', verified: false, addresses: [FOUNDING], attempts: 3, refused: 3, deferred: 0, accepted: 0, firstSeen: NOW - 600_000, lastSeen: NOW - 30_000,
        refusedSince: NOW - 600_000, disposition: 'rejected', findings: ['ptr-missing', 'ehlo-mismatch'], times: [NOW - 600_000, NOW - 90_000, NOW - 30_000], days: [[Math.floor(NOW / 86_400_000), 3, 3, 0]],
      })
      expect(await store.sender('192.0.2.99')).toBeNull()
      expect(await store.sender('nonsense')).toBeNull()
      expect(await keys({})).toBe(`${FOUNDING}, 192.0.2.7, 192.0.3.1, 192.0.2.200, 2001:db8::/64 acme.example`)
      expect(await keys({ sort: 'last' })).toBe(`${FOUNDING}, 192.0.3.1, 192.0.2.200, 192.0.2.7, 2001:db8::/64 acme.example`)
      expect(await keys({ sort: 'attempts', limit: 1 })).toBe(FOUNDING)
      expect(await keys({ standing: 'refused' })).toBe(FOUNDING)
      expect(await keys({ standing: 'deferred' })).toBe('192.0.2.7')
      expect(await keys({ standing: 'accepted' })).toBe('192.0.2.200, 2001:db8::/64 acme.example')
      expect(await keys({ standing: 'undecided' })).toBe('192.0.3.1')
      expect(await keys({ finding: 'ehlo-mismatch', since: NOW - 250_000 })).toBe(FOUNDING)
      expect(await keys({ newSince: NOW - 300_000 })).toBe('192.0.3.1, 192.0.2.200')
    })

    test.each<[string, string]>([
      ['192.0.2.7', '192.0.2.7'],
      ['192.0.2.0/24', '192.0.2.7, 192.0.2.200'],
      ['192.0.2.0/23', '192.0.2.7, 192.0.3.1, 192.0.2.200'],
      ['2001:db8::25', '2001:db8::/64 acme.example'],
      ['2001:db8::26', ''],
      ['2001:db8::/32', '2001:db8::/64 acme.example'],
      ['bob@acme.example', '2001:db8::/64 acme.example'],
      ['nobody@acme.example', '192.0.2.200, 2001:db8::/64 acme.example'],
      ['joe@shop.example got nothing from acme.example', '192.0.2.200, 2001:db8::/64 acme.example'],
      ['customer joe@shop.example got nothing from americangreetings.com', FOUNDING],
      ['s3', '192.0.2.7'],
      ['', `${FOUNDING}, 192.0.2.7, 192.0.3.1, 192.0.2.200, 2001:db8::/64 acme.example`],
      ['absent.example', ''],
    ])('senders found by %s', async (text, expected) => {
      for (const entry of CAST) store.record(entry)
      expect(await keys({ search: parseSearch(text, (domain) => domain === 'shop.example') })).toBe(expected)
    })

    test('senders: whether the search was widened, as nothing else was found', async () => {
      for (const entry of CAST) store.record(entry)
      const widened = (texts: readonly string[]) => Promise.all(texts.map(async (text) => (await store.senders({ sort: 'refused', limit: 100, search: parseSearch(text) })).widened))
      expect(await widened(['nobody@acme.example', 'GREETINGS'])).toEqual([true, true])
      expect(await widened(['bob@acme.example', 'absent.example', '192.0.2.7', ''])).toEqual([false, false, false, false])
    })

    test('a sender whose DNS is mended, and broken again, stays one sender', async () => {
      store.record(entryOf('a', 5000))
      store.record(entryOf('b', 4000))
      store.record(entryOf('c', 3000, mended))
      const key = '216.33.111.0/24 americangreetings.com'
      expect(await keys({})).toBe(key)
      expect(await store.sender(FOUNDING)).toMatchObject({ key, verified: true, attempts: 3, refused: 2, accepted: 1, refusedSince: null, findings: [], times: [] })
      store.record(entryOf('d', 2000))
      store.record(entryOf('e', 1000, { ...mended, client: '216.33.111.151' }))
      store.record(entryOf('f', 500))
      expect(await store.sender('216.33.111.151')).toMatchObject({ key, attempts: 6, refused: 4, accepted: 2, refusedSince: NOW - 500_000, addresses: ['216.33.111.151', FOUNDING] })
      expect(await keys({})).toBe(key)
    })

    test('many senders: paging visits each once', async () => {
      for (let count = 0; count < 700; count++) store.record(entryOf(`n${count}`, 10_000 - (count >> 3), { client: `10.0.${count % 3}.${count % 256}`, disposition: count % 5 === 0 ? 'accepted' : 'rejected' }))
      const all = await store.senders({ sort: 'refused', limit: 1000 })
      const seen: string[] = []
      for (let after: string | null | undefined; after !== null; ) {
        const page = await store.senders({ sort: 'refused', limit: 37, ...(after === undefined ? {} : { after }) })
        expect(page.total).toBe(all.senders.length)
        seen.push(...page.senders.map((each) => each.key))
        after = page.next
      }
      expect(seen).toEqual(all.senders.map((each) => each.key))
      expect(new Set(seen).size).toBe(700)
    })

    test('counts by disposition since a time', async () => {
      for (const entry of CAST) store.record(entry)
      expect(await store.counts(new Date(NOW - 450_000).toISOString())).toEqual({ deferred: 1, whitelisted: 1, aborted: 1 })
      expect(await store.counts(new Date(NOW).toISOString())).toEqual({})
    })

    test('what if: judged anew from stored evidence, over any span, and given up on request', async () => {
      for (const entry of CAST) store.record(entry)
      for (let n = 0; n < 300; n++) {
        const entry = entryOf(`w${n}`, 100 - n / 10, { client: `10.1.${n >> 8}.${n & 255}` })
        store.record({ ...entry, evidence: entry.evidence.map((answer) => ({ ...answer, question: { ...answer.question, name: `${n & 255}.${n >> 8}.1.10.in-addr.arpa` } })) })
      }
      const spec = { from: new Date(NOW - 650_000).toISOString(), until: new Date(NOW).toISOString(), acceptedFrom: new Date(NOW - 86_400_000).toISOString(), terms: { hostname: 'mx.shop.example', domains: ['shop.example'] }, list: { kind: 'refused', limit: 5 } } as const
      const progress: number[] = []
      const { counts, senders } = await store.whatIf(spec, { onProgress: (done) => progress.push(done) })
      expect(counts).toMatchObject({ sessions: 305, oldest: CAST[0]?.session.at, sets: { lenient: { reject: { sessions: 303, senders: 303 } } } })
      expect(senders.filter((each) => each.under.lenient.reject > 0)).toHaveLength(5)
      expect(progress.at(-1)).toBe(305)
      expect((await store.whatIf({ ...spec, from: new Date(NOW - 95_000).toISOString(), until: new Date(NOW - 90_000).toISOString() })).counts.sessions).toBe(50)
      await expect(store.whatIf(spec, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    })

    test('rules: put, replaced, counted, deleted', async () => {
      const allow: Rule = { ...RULE, kind: 'allow', by: 'auto', until: '2026-12-01T00:00:00.000Z', reason: 'customer "q" \u202e' }
      await store.putRule({ ...RULE, reason: 'first' })
      await store.putRule(RULE)
      await store.putRule(allow)
      await store.putRule({ ...RULE, scope: '198.51.100.1' })
      await store.addHits([{ kind: 'ban', scope: RULE.scope, hits: 3, minute: 1 }, { kind: 'ban', scope: RULE.scope, hits: 2, minute: 1 }, { kind: 'ban', scope: 'gone', hits: 2, minute: 1 }])
      await store.deleteRule('ban', '198.51.100.1')
      await store.deleteRule('ban', 'never was')
      const rules = [...(await store.loadRules())].sort((a, b) => a.kind.localeCompare(b.kind))
      expect(rules).toEqual([allow, { ...RULE, hits: 5, lastHit: '1970-01-01T00:01:00.000Z' }])
    })

    test('when a ban was last run into: begun anew when it is replaced', async () => {
      for (const scope of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) await store.putRule({ ...RULE, scope })
      await store.putRule({ ...RULE, kind: 'allow', scope: '192.0.2.1' })
      await store.addHits([['192.0.2.1', 7], ['192.0.2.1', 9], ['192.0.2.1', 8], ['192.0.2.2', 9]].map(([scope, minute]) => ({ kind: 'ban', scope: String(scope), minute: Number(minute), hits: 1 })))
      await store.addHits([{ kind: 'allow', scope: '192.0.2.1', minute: 20, hits: 1 }])
      await store.putRule({ ...RULE, scope: '192.0.2.2' })
      const lastHits = (await store.loadRules()).filter((rule) => rule.kind === 'ban').map((rule) => [rule.scope, rule.lastHit])
      expect(lastHits.sort()).toEqual([['192.0.2.1', '1970-01-01T00:09:00.000Z'], ['192.0.2.2', undefined], ['192.0.2.3', undefined]])
    })

    test('hits by the hour, of each scope that is asked for', async () => {
      for (const [scope, minute, hits] of [['192.0.2.1', 59, 1], ['192.0.2.1', 60, 2], ['192.0.2.1', 119, 3], ['192.0.2.1', 600, 4], ['192.0.2.2', 61, 5]] as const) {
        await store.addHits([{ kind: 'ban', scope, minute, hits }])
      }
      const asked = ['192.0.2.2', '192.0.2.3', '192.0.2.1'].map((scope) => ({ kind: 'ban' as const, scope }))
      expect(await store.hitHistory([...asked, { kind: 'allow', scope: '192.0.2.1' }], 3_600_000)).toEqual([[[3_600_000, 5]], [], [[3_600_000, 5], [36_000_000, 4]], []])
    })

    test('conduct: written, replaced, forgotten', async () => {
      await store.putConduct([['strikes', '192.0.2.1', '{"a":1}'], ['accepted', '192.0.2.1', '5'], ['strikes', '192.0.2.2', '"\\u202e"']])
      await store.putConduct([['strikes', '192.0.2.1', '{"a":2}'], ['strikes', '192.0.2.2', null], ['strikes', 'never was', null]])
      expect([...(await store.loadConduct())].sort()).toEqual([['accepted', '192.0.2.1', '5'], ['strikes', '192.0.2.1', '{"a":2}']])
    })

    test('notices: written, changed without their bytes, read, deleted', async () => {
      await store.putNotice('b', '{"state":"draft"}', 'Subject: x\r\n\r\nx\r\n')
      await store.putNotice('a', '{}', 'y')
      await store.putNotice('b', '{"state":"queued"}', null)
      await store.putNotice('a', '{}', 'z')
      expect([...(await store.loadNotices())]).toEqual(expect.arrayContaining([['b', '{"state":"queued"}'], ['a', '{}']]))
      expect([await store.noticeMessage('b'), await store.noticeMessage('a'), await store.noticeMessage('c')]).toEqual(['Subject: x\r\n\r\nx\r\n', 'z', null])
      await store.deleteNotice('a')
      await store.deleteNotice('never was')
      expect([...(await store.loadNotices()).keys()]).toEqual(['b'])
    })

    test('small values, and a grace start that is written once', async () => {
      expect(await store.get('nothing')).toBeNull()
      await store.put('a', { mode: 'observe', list: [1, null] })
      await store.put('a', { mode: 'grace' })
      await store.putGraceStart('192.0.2.0/24', 1000)
      await store.putGraceStart('192.0.2.0/24', 2000)
      expect(await store.get('a')).toEqual({ mode: 'grace' })
      expect(await store.graceStarts()).toEqual(new Map([['192.0.2.0/24', 1000]]))
    })

    test('reports: a span and the one before it, by the calendar of the zone', () => reportsContract(store))

    test('many sessions: none is lost, doubled or out of order, and paging visits each once', async () => {
      for (let count = 0; count < 3000; count++) {
        store.record(entryOf(`n${count}`, 10_000 - count, { client: `10.0.${count >> 8}.${count & 255}`, disposition: count % 100 === 0 ? 'accepted' : 'rejected' }))
        if (count % 700 === 0) await store.sessions({ limit: 1 })
      }
      const seen: string[] = []
      for (let before: string | undefined; ; before = seen.at(-1)) {
        const page = await store.sessions({ limit: 999, ...(before === undefined ? {} : { before }) })
        if (page.length === 0) break
        seen.push(...page.map((each) => each.id))
      }
      expect(seen).toEqual(Array.from({ length: 3000 }, (_, index) => `n${2999 - index}`))
      expect(await ids({ client: '10.0.7.208' })).toBe('n2000')
      expect(await ids({ disposition: 'accepted', limit: 3 })).toBe('n2900 n2800 n2700')
      expect((await store.sessions({ client: '10.0.4.0/22', limit: 10_000 })).length).toBe(1024)
      expect((await store.entry('n1234'))?.session.client).toBe('10.0.4.210')
      expect(store.stats()).toMatchObject({ queued: 0, written: 3000, dropped: 0, trouble: null })
    })
  })
}
