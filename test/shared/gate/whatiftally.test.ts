/** What if over many sessions: the figures against a plain count, the order of the list, and the bounds. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JournalEntry, SessionRecord } from '../../../shared/events.ts'
import { SenderTable } from '../../../shared/gate/sendertable.ts'
import { RULE_SETS, rejudge, senderOf } from '../../../shared/gate/whatif.ts'
import { WhatIfTally } from '../../../shared/gate/whatiftally.ts'
import { answers, session } from '../notice/session.ts'

const TERMS = { hostname: 'mx.shop.example', domains: ['shop.example'] }
const START = Date.parse('2026-11-01T00:00:00Z')

/** Senders as they come: in order; wrong greeting (house refuses); reverse name leads elsewhere (standard too); no reverse name (all); slow DNS. */
const ZONES = {
  good: '@ PTR mail.good.example\nmail.good.example A CLIENT', pool: '@ PTR m1.pool.example\nm1.pool.example A CLIENT\nmail.good.example A 192.0.2.99',
  elsewhere: '@ PTR x.isp.example\nx.isp.example A 192.0.2.99\nmail.good.example A CLIENT', none: 'mail.good.example A CLIENT', slow: '@ TIMEOUT\nmail.good.example A CLIENT',
} as const
const VERDICTS = { good: [], pool: ['ehlo-mismatch'], elsewhere: ['ptr-unconfirmed'], none: ['ptr-missing'], slow: ['dns-temporary'] } as const

function entry(kind: keyof typeof ZONES, client: string, day: number, changes: Partial<SessionRecord> = {}): JournalEntry {
  const findings = [...VERDICTS[kind]]
  const verdict = findings.length === 0 ? 'accept' : kind === 'slow' ? 'tempfail' : 'reject'
  const verifiedName = kind === 'good' ? 'mail.good.example' : kind === 'pool' ? 'm1.pool.example' : null
  const record = session({
    id: `${kind}-${client}-${day}`, at: new Date(START + day * 86_400_000).toISOString(), client, ehlo: 'mail.good.example', verdict, findings, refusedFor: findings, verifiedName,
    iprev: kind === 'none' ? 'permerror' : kind === 'slow' ? 'temperror' : kind === 'elsewhere' ? 'fail' : 'pass', disposition: verdict === 'accept' ? 'accepted' : 'rejected', ...changes,
  })
  return { session: record, evidence: answers(ZONES[kind].replaceAll('CLIENT', client), record), transcript: [] }
}

const took = { sender: 'a@b.example', recipients: [{ address: 'joe@shop.example', reply: '250 2.1.5 Ok' }], reply: '250 2.0.0 Ok', bytes: 10 }

function tallied(entries: readonly JournalEntry[], bounds?: { kept?: number; slots?: number }): WhatIfTally {
  const tally = new WhatIfTally(TERMS, bounds)
  for (const each of [...entries].sort((a, b) => (a.session.at < b.session.at ? 1 : -1))) tally.add(each.session, () => each.evidence)
  return tally
}

test('the figures are those of a plain count', () => {
  const made = fc.record({ kind: fc.constantFrom('good', 'pool', 'elsewhere', 'none', 'slow'), host: fc.integer({ min: 1, max: 12 }), net: fc.integer({ min: 0, max: 2 }), day: fc.integer({ min: 0, max: 9 }), seen: fc.boolean() })
  fc.assert(fc.property(fc.array(made, { maxLength: 60 }), (list) => {
    const entries = list.map(({ kind, host, net, day, seen }) => entry(kind, `198.51.${net}.${host}`, day, seen ? {} : { disposition: 'whitelisted' }))
    const counts = tallied(entries).counts()
    const judged = entries.flatMap((each) => {
      const again = rejudge(each.session, () => each.evidence, TERMS)
      return again === null ? [] : [{ ...again, key: senderOf(each.session).key }]
    })
    const tally = (holds: (each: (typeof judged)[number]) => boolean) => {
      const of = judged.filter(holds)
      return { sessions: of.length, senders: new Set(of.map(({ key }) => key)).size }
    }
    expect(counts).toMatchObject({ sessions: entries.length, judged: judged.length, senders: tally(() => true).senders, exact: true })
    for (const side of ['accept', 'reject', 'tempfail'] as const) {
      expect(counts.then[side]).toEqual(tally((each) => each.then === side))
      for (const rules of RULE_SETS) expect(counts.sets[rules][side]).toEqual(tally((each) => each.under[rules] === side))
    }
    for (const rules of RULE_SETS) expect(counts.changing[rules]).toBe(tally((each) => each.under[rules] !== each.then).senders)
  }), { numRuns: 60 })
})

test('correspondents first, then whose mail was delivered on most days; a sender seen once counts', () => {
  const tally = tallied([
    entry('none', '203.0.113.1', 1), entry('none', '203.0.113.1', 2), entry('none', '203.0.113.1', 3),
    entry('none', '203.0.113.2', 4, { disposition: 'would-reject', transactions: [took] }),
    entry('none', '203.0.113.3', 5), entry('good', '203.0.113.3', 0, { transactions: [took] }),
    entry('none', '203.0.113.4', 6),
    entry('good', '203.0.113.5', 6, { transactions: [took] }),
  ])
  expect(tally.refused('lenient', 10).map(({ client, accepted, delivered, sessions }) => [client, accepted, delivered, sessions])).toEqual([
    ['203.0.113.3', true, 0, 1], ['203.0.113.2', false, 1, 1], ['203.0.113.1', false, 0, 3], ['203.0.113.4', false, 0, 1],
  ])
  expect(tally.refused('lenient', 2)).toHaveLength(2)
  expect(tally.counts().correspondents).toEqual({ house: 1, standard: 1, lenient: 1 })
})

test('who changes sides, and to which', () => {
  const tally = tallied([entry('pool', '203.0.113.1', 1), entry('pool', '203.0.113.9', 2), entry('elsewhere', '203.0.114.1', 3), entry('good', '203.0.115.1', 4)])
  expect(tally.changing('house', 10)).toEqual([])
  // Two machines of one network under one verified domain: one sender.
  expect(tally.changing('standard', 10)).toMatchObject([{ client: '203.0.113.9', name: 'm1.pool.example', verified: true, allow: 'm1.pool.example', sessions: 2, changed: { standard: { accept: 2, reject: 0, tempfail: 0 } } }])
  expect(tally.changing('lenient', 10).map(({ client, allow }) => [client, allow])).toEqual([['203.0.113.9', 'm1.pool.example'], ['203.0.114.1', '203.0.114.1']])
})

test('what is shown of a sender is of the sessions that change sides, not of others that come after them', () => {
  // One machine that greets in several ways: each rule set minds others of them.
  const greeting = (ehlo: string, finding: 'ehlo-not-fqdn' | 'ehlo-literal' | 'ehlo-mismatch', day: number, verdict: 'reject' | 'accept' = 'reject') => {
    const { session: record } = entry('pool', '203.0.113.1', day, { ehlo, findings: [finding], refusedFor: verdict === 'reject' ? [finding] : [], verdict, sender: `${finding}@b.example` })
    return { session: record, evidence: answers('@ PTR m1.pool.example\nm1.pool.example A 203.0.113.1\nmail.good.example A 192.0.2.99', record), transcript: [] }
  }
  const standard = [greeting('localhost', 'ehlo-not-fqdn', 1), greeting('[203.0.113.1]', 'ehlo-literal', 2, 'accept'), greeting('mail.good.example', 'ehlo-mismatch', 3, 'accept')]
  const tally = tallied([...standard, entry('good', '203.0.114.1', 4)])
  expect(tally.changing('lenient', 10)).toMatchObject([{ client: '203.0.113.1', ehlo: 'localhost', sender: 'ehlo-not-fqdn@b.example', findings: ['ehlo-not-fqdn'], lastId: 'pool-203.0.113.1-1', lastAt: '2026-11-02T00:00:00.000Z', changed: { lenient: { accept: 1 } } }])
  // House refuses the other two, each for a reason of its own: both are named, the newest first.
  expect(tally.changing('house', 10)).toMatchObject([{ ehlo: 'mail.good.example', findings: ['ehlo-mismatch', 'ehlo-literal'], lastId: 'pool-203.0.113.1-3', changed: { house: { reject: 2 } } }])
  expect(tally.changing('standard', 10)).toEqual([])
  // The card has one row for a sender, whatever rules refuse it.
  for (const rules of ['house', 'standard'] as const) expect(tally.refused(rules, 10)).toMatchObject([{ lastId: 'pool-203.0.113.1-3', findings: ['ehlo-mismatch', 'ehlo-literal', 'ehlo-not-fqdn'] }])
})

test('a sender that was only deferred since it was refused is shown as it was refused', () => {
  const tally = tallied([entry('none', '203.0.113.1', 1), entry('slow', '203.0.113.1', 2)])
  expect(tally.refused('lenient', 10)).toMatchObject([{ lastId: 'none-203.0.113.1-1', findings: ['ptr-missing'] }])
})

test('mail accepted before the span makes a correspondent, and counts for nothing else', () => {
  const tally = new WhatIfTally(TERMS)
  const newer = entry('none', '203.0.113.3', 5)
  tally.add(newer.session, () => newer.evidence)
  tally.addEarlier(entry('good', '203.0.113.3', 0, { transactions: [took] }).session)
  expect(tally.counts()).toMatchObject({ sessions: 1, judged: 1, correspondents: { lenient: 1 } })
})

test('several verified names of one domain: the whitelist entry is for all below it', () => {
  const two = (name: string, day: number) => entry('pool', '203.0.113.1', day, { verifiedName: name })
  expect(tallied([two('m1.pool.example', 1), two('m2.pool.example', 2)]).changing('standard', 5)).toMatchObject([{ allow: '.pool.example' }])
})

test('beyond its bound the list keeps whom mail was accepted of; the figures stay exact', () => {
  const strangers = Array.from({ length: 100 }, (_, n) => entry('none', `203.0.${n}.1`, 50 - Math.floor(n / 4)))
  const known = entry('none', '198.51.100.1', 60)
  const before = entry('good', '198.51.100.1', 59, { transactions: [took] })
  const tally = tallied([...strangers, known, before], { kept: 10 })
  const listed = tally.refused('lenient', 1000)
  expect(listed.length).toBeLessThanOrEqual(10)
  expect(listed[0]).toMatchObject({ client: '198.51.100.1', accepted: true })
  expect(tally.counts().sets.lenient.reject).toEqual({ sessions: 101, senders: 101 })
})

describe('the table of senders', () => {
  test('remembers the marks of each, through every growth', () => {
    const table = new SenderTable()
    for (let n = 0; n < 20_000; n++) expect(table.mark(`sender ${n}`, n % 2 === 0 ? 1 : 2)).toBe(0)
    expect(table.mark('sender 7', 4)).toBe(2)
    expect([table.count(1), table.count(2), table.count(4), table.count(7)]).toEqual([10_000, 10_000, 1, 20_000])
    expect([table.marksOf('sender 7'), table.marksOf('sender 8'), table.marksOf('nobody')]).toEqual([6, 1, 0])
    expect(table.overflowed()).toBe(false)
  })
  test('beyond its bound it says so, and goes on with those it knows', () => {
    const table = new SenderTable(4096)
    for (let n = 0; n < 10_000; n++) table.mark(`sender ${n}`, 1)
    expect(table.overflowed()).toBe(true)
    expect(table.count(1)).toBeLessThan(4096)
    expect(table.mark('sender 1', 2)).toBe(1)
  })
})
