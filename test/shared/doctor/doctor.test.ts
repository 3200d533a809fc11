/** The doctor's judgement by cases: blacklists and their return codes, certificates, name servers, relay forms, machine, and what alarms. */
import { describe, expect, test } from 'vitest'
import type { Answer, AnswerStatus } from '../../../shared/dns/answer.ts'
import { judgeCertificate } from '../../../shared/doctor/certificate.ts'
import { alarmText, remember } from '../../../shared/doctor/change.ts'
import { judgeList, judgeListing, listQuestion, meaningOf } from '../../../shared/doctor/dnsbl.ts'
import { judgeClock, judgeDisk, judgeStore } from '../../../shared/doctor/machine.ts'
import { judgeNameserver } from '../../../shared/doctor/nameservers.ts'
import { judgeRelay, relayForms } from '../../../shared/doctor/relay.ts'
import { checkUp, summaryOf } from '../../../shared/doctor/report.ts'
import type { CheckUp, DoctorReport } from '../../../shared/doctor/report.ts'

const ZEN = 'zen.spamhaus.org'
const NOW = Date.UTC(2026, 10, 25)
const DAY = 86_400_000
const answer = (status: AnswerStatus, ...records: string[]): Answer => ({ question: { name: 'x.example', type: 'A' }, status, records, chain: [], ttl: 60, ms: 1, server: '127.0.0.1:53' })
const found = (...records: string[]) => answer('found', ...records)
const none = answer('nxdomain')

describe('blacklists', () => {
  test('addresses are asked reversed, IPv6 by nibbles', () => {
    expect(listQuestion('192.0.2.1', ZEN).name).toBe('1.2.0.192.zen.spamhaus.org')
    expect(listQuestion('2001:db8::1', ZEN).name).toBe('1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org')
  })

  test.each([
    ['a good one', found('127.0.0.2'), none, 'usable', /^$/],
    ['one that lists everything', found('127.0.0.2'), found('127.0.0.2'), 'todo', /lists everything/],
    ['one that lists nothing', none, none, 'todo', /does not list its own test address/],
    ['a dead one', answer('timeout'), answer('timeout'), 'unknown', /no usable answer \(timeout\)/],
    ['a resolver that is blocked', found('127.255.255.254'), found('127.255.255.254'), 'unknown', /public or open resolvers/],
    ['a typing error', found('127.255.255.252'), none, 'unknown', /typed wrong/],
    ['too many questions', found('127.255.255.255'), none, 'unknown', /too many questions/],
    ['a domain that was sold', found('198.51.100.1'), none, 'todo', /no return code/],
  ] as const)('%s', (_, listed, clean, level, says) => {
    const state = judgeList('bl.example', listed, clean)
    expect(state.usable ? 'usable' : state.check.level).toBe(level)
    expect(state.usable ? '' : state.check.says).toMatch(says)
  })

  test.each([
    [found('127.0.0.4'), 'bad', /XBL/],
    [found('127.0.0.10'), 'bad', /PBL/],
    [none, 'ok', /is not on/],
    [answer('nodata'), 'ok', /is not on/],
    [answer('servfail'), 'unknown', /could not be told/],
    [found('127.255.255.254'), 'unknown', /public or open resolvers/],
    [found('198.51.100.1'), 'unknown', /no return code/],
  ] as const)('a listing %#', (said, level, says) => {
    const check = judgeListing(ZEN, '192.0.2.1', said, null)
    expect(check).toMatchObject({ level, says: expect.stringMatching(says) as string })
  })

  test('codes mean something only of the list that defines them', () => {
    expect(['2', '3', '4', '9', '11'].map((code) => meaningOf(ZEN, `127.0.0.${code}`).slice(0, 3))).toEqual(['SBL', 'SBL', 'XBL', 'SBL', 'PBL'])
    expect(meaningOf('bl.example', '127.0.0.4')).toBe('listed')
  })
})

describe('certificate', () => {
  const good = { subject: 'CN=mx.shop.example', from: NOW - DAY, until: NOW + 90 * DAY, names: ['mx.shop.example'], selfSigned: false, ours: false, keyFits: true, asOnDisk: true, evidence: [] }
  test.each([
    [{}, 'ok', /valid until/],
    [{ selfSigned: true }, 'ok', /self-signed/],
    [{ until: NOW - 1 }, 'bad', /expired/],
    [{ until: NOW + 5 * DAY }, 'todo', /in 5 days/],
    [{ from: NOW + DAY }, 'bad', /not valid before/],
    [{ names: ['other.example'] }, 'todo', /other\.example, not for mx\.shop\.example/],
    [{ names: ['*.shop.example'] }, 'ok', /valid until/],
    [{ names: ['*.example'] }, 'todo', /not for/],
    [{ keyFits: false }, 'bad', /does not belong/],
    [{ asOnDisk: false }, 'todo', /not the one in its file/],
  ] as const)('%o', (change, level, says) => {
    expect(judgeCertificate({ ...good, ...change }, 'mx.shop.example', NOW)).toMatchObject({ level, says: expect.stringMatching(says) as string })
  })
})

test.each([
  ['well', [found('192.0.2.1')], none, true, 'ok'],
  ['silent and alone', [answer('timeout')], answer('timeout'), true, 'bad'],
  ['silent beside another', [answer('timeout')], answer('timeout'), false, 'todo'],
  ['a liar', [found('192.0.2.1')], found('198.51.100.9'), false, 'bad'],
  ['of a laboratory: only its own zones', [found('192.0.2.1')], answer('refused'), true, 'ok'],
  ['refuses all', [answer('refused')], answer('refused'), true, 'bad'],
] as const)('a name server: %s', (_, known, invented, alone, level) => {
  expect(judgeNameserver({ server: '127.0.0.1:53', known, invented, caseBroken: false }, alone).level).toBe(level)
})

describe('open relay', () => {
  const forms = relayForms('shop.example')
  const tries = (taken: readonly string[]) => forms.map((form) => ({ form, code: taken.includes(form.name) ? 250 : 554 }))
  const facts = { where: '127.0.0.1:25', asStranger: null, takesAll: false, evidence: [] }
  test('has the classic forms', () => {
    expect(forms.map(({ recipient }) => recipient)).toEqual(expect.arrayContaining(['porch-relay-test%example.com@shop.example', '"porch-relay-test@example.com"@shop.example', '@shop.example:porch-relay-test@example.com', 'example.com!porch-relay-test@shop.example']))
  })
  test.each([
    ['refuses all', [], {}, 'ok'],
    ['takes a plain one', ['plain'], {}, 'bad'],
    ['takes the source route', ['source route'], {}, 'bad'],
    ['its mail server takes the %-hack', ['%-hack'], {}, 'bad'],
    ['its mail server takes it from this machine, not from strangers', ['%-hack'], { asStranger: tries([]) }, 'ok'],
    ['its mail server takes it from strangers', ['%-hack'], { asStranger: tries(['%-hack']) }, 'bad'],
    ['its mail server takes every mailbox', ['%-hack', '!-path'], { takesAll: true }, 'ok'],
  ] as const)('%s', (_, taken, change, level) => {
    expect(judgeRelay({ ...facts, tries: tries(taken), ...change }).level).toBe(level)
  })
  test('a dialogue that breaks off proves nothing', () => {
    expect(judgeRelay({ ...facts, tries: forms.map((form) => ({ form, code: null })) }).level).toBe('unknown')
  })
})

test('disk, store and clock have thresholds', () => {
  const GIB = 1024 ** 3
  expect([judgeDisk('/d', 50 * GIB, 100 * GIB), judgeDisk('/d', 0.5 * GIB, 100 * GIB), judgeDisk('/d', 0.1 * GIB, 100 * GIB), judgeDisk('/d', 4 * GIB, 100 * GIB)].map(({ level }) => level)).toEqual(['ok', 'todo', 'bad', 'todo'])
  const store = { bytes: 1e6, dropped: 0, trouble: null, damage: null, tested: 'no' } as const
  expect([judgeStore(store), judgeStore({ ...store, dropped: 3 }), judgeStore({ ...store, trouble: 'disk full' }), judgeStore({ ...store, damage: 'page 3' })].map(({ level }) => level)).toEqual(['ok', 'todo', 'bad', 'bad'])
  expect(judgeStore({ ...store, bytes: 407_000, tested: 'yes' }).says).toBe('The store takes 407 KB and passes its own test.')
  expect((['yes', 'no', 'too-large'] as const).map((tested) => judgeStore({ ...store, tested }).says)).toEqual(['The store takes 1 MiB and passes its own test.', 'The store takes 1 MiB.', expect.stringMatching(/^The store takes 1 MiB\. Its structure was not tested: it is so large/)])
  const clock = { now: NOW, latest: NOW - 1, built: NOW - DAY, jumped: 0 }
  expect([judgeClock(clock), judgeClock({ ...clock, latest: NOW + 10 * DAY }), judgeClock({ ...clock, jumped: 3_600_000 }), judgeClock({ ...clock, now: NOW - 400 * DAY, latest: null })].map(({ level }) => level)).toEqual(['ok', 'bad', 'todo', 'bad'])
})

describe('what alarms', () => {
  const report = (day: number, ...checks: CheckUp[]): DoctorReport => ({ at: new Date(NOW + day * DAY).toISOString(), ms: 1, practice: false, version: '0', checks })
  const after = (...reports: DoctorReport[]) => {
    const memory = reports.reduce((before: ReturnType<typeof remember>, one) => remember(before, one), {})
    return alarmText(memory, Date.parse(reports.at(-1)!.at))?.text ?? null
  }
  const bad = checkUp('blacklist', 'bl 192.0.2.1', 'bad', 'It is listed.')
  const unknown = checkUp('blacklist', 'bl 192.0.2.1', 'unknown', 'No answer.')
  const ok = checkUp('blacklist', 'bl 192.0.2.1', 'ok', 'It is not listed.')
  test('a thing to do, until it is repaired', () => {
    expect(after(report(0, bad))).toBe('Own health: It is listed. The page Own health says what to do.')
    expect(after(report(0, bad), report(1, ok))).toBeNull()
  })
  test('"could not tell" neither raises nor clears, unless it stays', () => {
    expect(after(report(0, unknown))).toBeNull()
    expect(after(report(0, bad), report(1, unknown))).toMatch(/It is listed/)
    expect(after(report(0, ok), report(1, unknown), report(2, unknown))).toBeNull()
    expect(after(report(0, ok), report(1, unknown), report(2, unknown), report(3, unknown))).toMatch(/No answer/)
  })
  test('an area that could not be looked at at all keeps what was known of it', () => {
    expect(after(report(0, bad), report(1, checkUp('blacklist', '', 'unknown', 'It took too long.')))).toMatch(/It is listed/)
    const relay = checkUp('relay', '127.0.0.1:25', 'bad', 'It takes foreign mail.')
    expect(after(report(0, relay), report(1, checkUp('port', '', 'unknown', 'It took too long.')))).toMatch(/foreign mail/)
  })
  test('a thing that is gone from the settings is forgotten', () => {
    expect(after(report(0, bad), report(1))).toBeNull()
  })
  test('in one line', () => {
    expect([summaryOf([ok]), summaryOf([bad, unknown]), summaryOf([unknown])]).toEqual(['All is in order.', '1 thing to do, 1 could not be told.', 'Nothing to do, 1 could not be told.'])
  })
})
