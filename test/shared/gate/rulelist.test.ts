import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Rule, RuleKind } from '../../../shared/events.ts'
import { inPieces, readRuleList, writeRuleList } from '../../../shared/gate/rulelist.ts'

const NOW = Date.parse('2026-11-23T15:00:00.000Z')
const read = (text: string, kind: RuleKind = 'ban') => readRuleList(text, kind, NOW)
const rules = (...listed: object[]) => ({ ok: true, rules: listed, expired: 0 })
const ban = (scope: string, reason = '', more: object = {}) => ({ kind: 'ban', scope, reason, ...more })

describe('a plain list', () => {
  test.each<[string, string, object]>([
    ['empty', '', rules()],
    ['a scope a line, canonical', '192.0.2.1\n2001:DB8::1\r\n198.51.100.0/24\n', rules(ban('192.0.2.1'), ban('2001:db8::/64'), ban('198.51.100.0/24'))],
    ['comments', '# all of them\n\n  192.0.2.1  #  retries all day # twice\n#192.0.2.2\n', rules(ban('192.0.2.1', 'retries all day # twice'))],
    ['comments as Spamhaus writes them', '; a list\n192.0.2.0/24 ; SBL1\n', rules(ban('192.0.2.0/24', 'SBL1'))],
    ['a byte order mark', '\ufeff192.0.2.1', rules(ban('192.0.2.1'))],
    ['the same again: the last one counts', '192.0.2.1 # a\n192.0.2.1/32 # b', rules(ban('192.0.2.1', 'b'))],
    ['host bits', '192.0.2.1\n\n192.0.2.1/24\n', { ok: false, problems: ['line 3: "192.0.2.1/24": has host bits set; the network is 192.0.2.0/24'] }],
    ['a name is no ban', 'acme.example', { ok: false, problems: ['line 1: "acme.example": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24'] }],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  test('of the whitelist', () => {
    expect(read('.outlook.com\n2001:db8::1', 'allow')).toEqual(rules({ kind: 'allow', scope: '.outlook.com', reason: '' }, { kind: 'allow', scope: '2001:db8::1', reason: '' }))
  })

  test('of many problems the first twenty', () => {
    const result = read('x\n'.repeat(1000))
    expect(result.ok ? [] : [result.problems.length, result.problems[19]]).toEqual([20, 'line 20: "x": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24'])
  })
})

describe('CSV', () => {
  test.each<[string, string, object]>([
    ['all columns', 'scope,kind,reason,until\r\n192.0.2.1,ban,spam,2026-12-01T00:00:00Z\r\n.acme.example,allow,,\r\n',
      rules(ban('192.0.2.1', 'spam', { until: '2026-12-01T00:00:00.000Z' }), { kind: 'allow', scope: '.acme.example', reason: '', until: null })],
    ['columns in another order, some missing', 'Scope,Until\n192.0.2.1,2026-12-01\n', rules(ban('192.0.2.1', '', { until: '2026-12-01T00:00:00.000Z' }))],
    ['scope not first', '"kind",scope\nallow,.acme.example\n', rules({ kind: 'allow', scope: '.acme.example', reason: '' })],
    ['only scopes', 'scope\n192.0.2.1\n\n192.0.2.2', rules(ban('192.0.2.1'), ban('192.0.2.2'))],
    ['quotes, commas, line ends', '"scope","reason"\n192.0.2.1,"a, ""b""\nc"\n192.0.2.2,d\n', rules(ban('192.0.2.1', 'a, "b"\nc'), ban('192.0.2.2', 'd'))],
    ['an apostrophe before a formula goes', "scope,reason\n192.0.2.1,'=1+1\n192.0.2.2,'tis\n", rules(ban('192.0.2.1', '=1+1'), ban('192.0.2.2', "'tis"))],
    ['over already', 'scope,until\n192.0.2.1,2026-11-23T15:00:00Z\n192.0.2.2,2026-11-23T15:00:01Z', { ok: true, rules: [ban('192.0.2.2', '', { until: '2026-11-23T15:00:01.000Z' })], expired: 1 }],
    ['an unknown column', 'scope,colour\n192.0.2.1,red', { ok: false, problems: ['line 1: unknown column; expected scope, kind, reason, until'] }],
    ['an unknown kind', 'scope,kind\n192.0.2.1,block', { ok: false, problems: ['line 2: kind: expected ban or allow'] }],
    ['no time', 'scope,until\n192.0.2.1,soon', { ok: false, problems: ['line 2: until: expected a time such as 2026-11-23T15:00:00Z, or nothing (for good)'] }],
    ['too many cells', 'scope,kind\n192.0.2.1,ban,x', { ok: false, problems: ['line 2: more cells than columns'] }],
    ['an open quote', 'scope,reason\n192.0.2.1,"x\n', { ok: false, problems: ['line 2: quotes that do not fit'] }],
    ['the line of a record after a long one', 'scope,reason\n192.0.2.1,"a\nb\nc"\nx,y', { ok: false, problems: ['line 5: "x": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24'] }],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })
})

const rule = (kind: RuleKind, scope: string, reason: string, until: string | null): Rule => ({ kind, scope, reason, by: 'admin', since: '2026-11-23T15:00:00.000Z', until, hits: 3 })
const UNTIL = '2026-12-01T00:00:00.000Z'

test('written: what a spreadsheet would take for a formula begins with an apostrophe', () => {
  const all = [rule('ban', '192.0.2.1', '=HYPERLINK("http://x")', null), rule('allow', '.acme.example', '+49 30 1234', UNTIL), rule('ban', '::/0', '@SUM', null), rule('ban', '192.0.2.2', '-1', null), rule('ban', '192.0.2.3', 'a, b', null)]
  expect(writeRuleList(all, 'csv', NOW).split('\r\n')).toEqual([
    'scope,kind,reason,until', '192.0.2.1,ban,"\'=HYPERLINK(""http://x"")",', `.acme.example,allow,'+49 30 1234,${UNTIL}`, "::/0,ban,'@SUM,", "192.0.2.2,ban,'-1,", '192.0.2.3,ban,"a, b",', '',
  ])
  expect(writeRuleList([rule('ban', '192.0.2.1', 'two\nlines', null), rule('ban', '192.0.2.2', '', UNTIL)], 'plain', NOW)).toBe('192.0.2.1 # two lines\n192.0.2.2\n')
})

const reason = fc.string({ unit: fc.constantFrom('=', "'", '"', ',', '\n', '\r', '@', '-', '#', 'x', ' ', '\u202e', 'ä'), maxLength: 12 })
test('what is written is read as the same rules', () => {
  fc.assert(fc.property(fc.array(fc.tuple(reason, fc.boolean(), fc.boolean()), { maxLength: 20 }), (made) => {
    const all = made.map(([text, allow, forGood], n) => rule(allow ? 'allow' : 'ban', `192.0.2.${n}`, text, forGood ? null : UNTIL))
    // The space around a cell is not kept.
    expect(read(writeRuleList(all, 'csv', NOW))).toEqual(rules(...all.map(({ kind, scope, reason: text, until }) => ({ kind, scope, reason: text.trim(), until }))))
    const plain = read(writeRuleList(all.filter((each) => each.kind === 'ban'), 'plain', NOW))
    expect(plain.ok && plain.rules.map((each) => each.scope)).toEqual(all.filter((each) => each.kind === 'ban').map((each) => each.scope))
  }), { numRuns: 300, seed: 3 })
})

test('in pieces of which none is long', () => {
  const many = Array.from({ length: 5000 }, (_, n) => ({ kind: 'ban' as const, scope: `10.0.${n >> 8}.${n & 255}`, reason: n % 2 === 0 ? '' : '\u0001'.repeat(500) }))
  const pieces = inPieces(many)
  expect(pieces.flat()).toEqual(many)
  expect(Math.max(...pieces.map((piece) => JSON.stringify(piece).length))).toBeLessThan(110_000)
  expect(inPieces([])).toEqual([])
  expect(Math.max(...inPieces(many.map((each) => ({ ...each, reason: '' }))).map((piece) => piece.length))).toBeLessThanOrEqual(1000)
})

test('a format that is named is taken as that one', () => {
  expect(readRuleList('table\n', 'ban', NOW, 'plain')).toEqual({ ok: false, problems: ['line 1: "table": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24'] })
  expect(readRuleList('192.0.2.1', 'ban', NOW, 'fail2ban')).toEqual(rules(ban('192.0.2.1')))
  expect(readRuleList('192.0.2.1', 'ban', NOW, 'csv')).toEqual({ ok: false, problems: ['line 1: unknown column; expected scope, kind, reason, until'] })
  expect(readRuleList('192.0.2.1', 'ban', NOW, 'nftables')).toEqual({ ok: false, problems: ['expected sets of type ipv4_addr or ipv6_addr; there is none'] })
})
