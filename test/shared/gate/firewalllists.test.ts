/** Rules from and to nftables and fail2ban: what their programs print and take, and what is wrong with a file, by line. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Rule, RuleKind } from '../../../shared/events.ts'
import { readRuleList, writeRuleList } from '../../../shared/gate/rulelist.ts'
import { contains, parseAddress, parseNetwork } from '../../../shared/net/ip.ts'

const NOW = Date.parse('2026-11-23T15:00:00.000Z')
const read = (text: string, kind: RuleKind = 'ban') => readRuleList(text, kind, NOW)
const rules = (...listed: object[]) => ({ ok: true, rules: listed, expired: 0 })
const ban = (scope: string, reason = '', more: object = {}) => ({ kind: 'ban', scope, reason, ...more })
const until = (seconds: number) => ({ until: new Date(NOW + seconds * 1000).toISOString() })
const forGood = { until: null }
const problem = (...problems: string[]) => ({ ok: false, problems })

const set = (elements: string, traits = 'type ipv4_addr\n\t\tflags interval,timeout') => `table inet filter {\n\tset banned {\n\t\t${traits}\n\t\telements = { ${elements} }\n\t}\n}\n`

describe('nftables', () => {
  test.each<[string, string, object]>([
    ['nft list set: remaining times, comments, lines that are broken',
      'table inet filter {\n\tset banned {\n\t\ttype ipv4_addr\n\t\tsize 65535\n\t\tflags interval,timeout\n\t\telements = { 192.0.2.1 timeout 4d expires 3d23h59m59s984ms comment "a: b", 198.51.100.0/24,\n\t\t\t     203.0.113.4-203.0.113.7 timeout 3d4h5s expires 3d4h4s comment "spam" }\n\t}\n}\n',
      rules(ban('192.0.2.1', 'a: b', until(345_599.984)), ban('198.51.100.0/24', '', forGood), ban('203.0.113.4/30', 'spam', until(273_604)))],
    ['a range that is no network', set('203.0.113.5-203.0.113.9'), rules(ban('203.0.113.5', '', forGood), ban('203.0.113.6/31', '', forGood), ban('203.0.113.8/31', '', forGood))],
    ['with spaces around the dash', set('203.0.113.6 - 203.0.113.7'), rules(ban('203.0.113.6/31', '', forGood))],
    ['without the flag timeout nothing is said of times: the usual one', set('192.0.2.1', 'type ipv4_addr'), rules(ban('192.0.2.1'))],
    ['a timeout of the whole set', set('192.0.2.1, 192.0.2.2 timeout 30s', 'type ipv4_addr\n timeout 1h'), rules(ban('192.0.2.1', '', until(3600)), ban('192.0.2.2', '', until(30)))],
    ['counters and other things beside an element', set('192.0.2.1 counter packets 3 bytes 180 timeout 1m expires 59s comment "x"'), rules(ban('192.0.2.1', 'x', until(59)))],
    ['a comment is a comment, also with marks in it', set('192.0.2.1 comment "a, b } # { c"'), rules(ban('192.0.2.1', 'a, b } # { c', forGood))],
    ['IPv6', 'table ip6 t {\n set b6 {\n type ipv6_addr\n flags interval\n elements = { 2001:db8::1, 2001:db8:1::/48,\n 2001:db8:2::-2001:db8:2:1:ffff:ffff:ffff:ffff }\n }\n}\n',
      rules(ban('2001:db8::/64'), ban('2001:db8:1::/48'), ban('2001:db8:2::/63'))],
    ['typeof', set('192.0.2.1', 'typeof ip saddr'), rules(ban('192.0.2.1'))],
    ['list ruleset: chains, maps and sets of ports are passed over',
      'table inet filter {\n\tset ports {\n\t\ttype inet_service\n\t\telements = { 25, 587 }\n\t}\n\tmap verdicts {\n\t\ttype ipv4_addr : verdict\n\t\telements = { 10.0.0.1 : drop }\n\t}\n\tset banned {\n\t\ttype ipv4_addr\n\t\telements = { 192.0.2.1 }\n\t}\n\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t\tip saddr { 10.1.2.3, 10.1.2.4 } drop\n\t\tip saddr @banned drop\n\t}\n}\n',
      rules(ban('192.0.2.1'))],
    ['commands for nft -f', '#!/usr/sbin/nft -f\nflush set inet filter banned\nadd element inet filter banned { 192.0.2.1, 192.0.2.2 timeout 2h } # two\nadd element inet filter banned { 192.0.2.3 }\n',
      rules(ban('192.0.2.1'), ban('192.0.2.2', '', until(7200)), ban('192.0.2.3'))],
    ['a declaration in one line', 'add set inet filter banned { type ipv4_addr; flags interval, timeout; elements = { 192.0.2.1 } }', rules(ban('192.0.2.1', '', forGood))],
    ['an empty set', 'table inet filter {\n\tset banned {\n\t\ttype ipv4_addr\n\t}\n}\n', rules()],
    ['the same again: the last one counts', set('192.0.2.1 timeout 1h, 192.0.2.1 timeout 2h'), rules(ban('192.0.2.1', '', until(7200)))],
    ['no address', set('192.0.2.1,\n192.0.2.300'), problem('line 6: "192.0.2.300": not a well-formed address')],
    ['a variable', set('$bad'), problem('line 5: "$bad": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24')],
    ['host bits', set('192.0.2.1/24'), problem('line 5: "192.0.2.1/24": has host bits set; the network is 192.0.2.0/24')],
    ['a range the wrong way round', set('192.0.2.9-192.0.2.5'), problem('line 5: "192.0.2.9-192.0.2.5": not a range of addresses')],
    ['a range of two families', set('192.0.2.9-::1'), problem('line 5: "192.0.2.9-::1": not a range of addresses')],
    ['addresses with ports', 'add element inet f s { 192.0.2.1 . 25 }', problem('line 1: "192.0.2.1": expected addresses alone, no ports or verdicts beside them')],
    ['no time', set('192.0.2.1 timeout soon'), problem('line 5: "192.0.2.1": its timeout is no time')],
    ['torn', 'table inet filter {\n\tset banned {\n\t\ttype ipv4_addr\n\t\telements = { 192.0.2.1, 192.0', problem('line 4: a "{" without its "}"')],
    ['a quote without end', set('192.0.2.1 comment "x'), problem('line 5: a quote without end')],
    ['no set of addresses', 'table inet filter {\n}\n', problem('expected sets of type ipv4_addr or ipv6_addr; there is none')],
    ['over already', set('192.0.2.1 timeout 4d expires 0s, 192.0.2.2'), { ok: true, rules: [ban('192.0.2.2', '', forGood)], expired: 1 }],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  test('of the whitelist', () => {
    expect(read(set('192.0.2.1'), 'allow')).toEqual(rules({ kind: 'allow', scope: '192.0.2.1', reason: '', until: null }))
  })
})

describe('fail2ban', () => {
  test.each<[string, string, object]>([
    ['status JAIL', 'Status for the jail: sshd\n|- Filter\n|  |- Currently failed:\t0\n|  |- Total failed:\t8\n|  `- File list:\t/var/log/auth.log\n`- Actions\n   |- Currently banned:\t3\n   |- Total banned:\t4\n   `- Banned IP list:\t192.0.2.1 198.51.100.0/24 2001:db8::1\n',
      rules(ban('192.0.2.1'), ban('198.51.100.0/24'), ban('2001:db8::/64'))],
    ['two of them', 'Status for the jail: a\n`- Actions\n   `- Banned IP list:\t192.0.2.1\nStatus for the jail: b\n`- Actions\n   `- Banned IP list:\t\n', rules(ban('192.0.2.1'))],
    ['get JAIL banip', '192.0.2.1 192.0.2.2 2001:db8::1\n', rules(ban('192.0.2.1'), ban('192.0.2.2'), ban('2001:db8::/64'))],
    ['with commas', '192.0.2.1, 192.0.2.2\n', rules(ban('192.0.2.1'), ban('192.0.2.2'))],
    ['get JAIL banip --with-time: for good where the end is -1', '192.0.2.1 \t2026-11-25 03:32:51 + -1 = 9999-12-31 23:59:59\n', rules(ban('192.0.2.1', '', forGood))],
    ['get JAIL banned', "['192.0.2.1', '198.51.100.0/24']\n", rules(ban('192.0.2.1'), ban('198.51.100.0/24'))],
    ['banned', "[{'sshd': ['192.0.2.1', '192.0.2.2']}, {'other': []}]\n", rules(ban('192.0.2.1'), ban('192.0.2.2'))],
    ['nobody is banned', '[]\n', rules()],
    ['commands', '#!/bin/sh\nsudo fail2ban-client set sshd banip 192.0.2.1 192.0.2.2\nset sshd addignoreip 192.0.2.3 # ours\n', rules(ban('192.0.2.1'), ban('192.0.2.2'), { kind: 'allow', scope: '192.0.2.3', reason: 'ours' })],
    ['no address', "Status for the jail: sshd\n`- Actions\n   `- Banned IP list:\t192.0.2.1 192.0.2\n", problem('line 3: "192.0.2": not a well-formed address')],
    ['something else behind the status', 'Status for the jail: sshd\nhello\n', problem('line 2: expected what fail2ban-client status says')],
    ['code in a list', "['192.0.2.1', __import__('os')]\n", problem('line 1: expected a list of addresses in quotes')],
    ['a rule taken away', 'fail2ban-client set sshd unbanip 192.0.2.1\n', problem('line 1: unbanip takes a rule away; expected banip or addignoreip')],
    ['a command of another kind', '192.0.2.1 192.0.2.2\nrm -rf / ; 192.0.2.1\n', problem('line 2: expected addresses, or a command such as fail2ban-client set JAIL banip 192.0.2.1')],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  test('times are those of the machine', () => {
    const at = new Date(NOW + 600_000)
    const local = (date: Date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')} ${date.toTimeString().slice(0, 8)}`
    expect(read(`192.0.2.1 \t${local(new Date(NOW))} + 600 = ${local(at)}\n`)).toEqual(rules(ban('192.0.2.1', '', until(600))))
  })
})

const rule = (kind: RuleKind, scope: string, reason: string, end: string | null): Rule => ({ kind, scope, reason, by: 'admin', since: '2026-11-23T15:00:00.000Z', until: end, hits: 3 })
const LATER = '2026-11-27T18:04:05.000Z'
const MUCH_LATER = '2026-12-27T15:00:00.000Z'

test('written for nft -f: a set a family, remaining times, reasons as comments', () => {
  const text = writeRuleList([rule('ban', '192.0.2.1', 'say "no"\n} drop', LATER), rule('ban', '198.51.100.0/24', '', null), rule('ban', '2001:db8::/64', 'x'.repeat(200), LATER), rule('ban', '192.0.2.9', 'over', '2026-11-23T15:00:00.000Z')], 'nftables', NOW)
  expect(text.split('\n')).toEqual([
    '#!/usr/sbin/nft -f', '# Written by Porch. Loading it replaces these sets. To use one: ip saddr @ban4 drop; ip6 saddr @ban6 drop',
    'table inet porch {', '\tset ban4 {', '\t\ttype ipv4_addr', '\t\tflags interval, timeout', '\t}', '\tset ban6 {', '\t\ttype ipv6_addr', '\t\tflags interval, timeout', '\t}', '}',
    'flush set inet porch ban4', 'flush set inet porch ban6',
    'table inet porch {', '\tset ban4 {', '\t\ttype ipv4_addr', '\t\tflags interval, timeout', '\t\telements = {', '\t\t\t192.0.2.1 timeout 4d3h4m5s comment "say \'no\' } drop",', '\t\t\t198.51.100.0/24', '\t\t}', '\t}',
    '\tset ban6 {', '\t\ttype ipv6_addr', '\t\tflags interval, timeout', '\t\telements = {', `\t\t\t2001:db8::/64 timeout 4d3h4m5s comment "${'x'.repeat(124)}..."`, '\t\t}', '\t}', '}', '',
  ])
})

test.each<[string, readonly Rule[], readonly string[]]>([
  ['inside a network that lasts as long: left out', [rule('ban', '192.0.2.0/24', '', null), rule('ban', '192.0.2.7', '', null), rule('ban', '192.0.2.8', '', LATER)], ['192.0.2.0/24']],
  ['inside one that lasts less long: the network is split around it', [rule('ban', '192.0.2.0/24', '', LATER), rule('ban', '192.0.2.7', '', null)], ['192.0.2.0-192.0.2.6 timeout 4d3h4m5s', '192.0.2.7', '192.0.2.8-192.0.2.255 timeout 4d3h4m5s']],
  ['at its edges, and three deep', [rule('ban', '192.0.2.0/30', '', LATER), rule('ban', '192.0.2.0/31', '', MUCH_LATER), rule('ban', '192.0.2.0', '', null), rule('ban', '192.0.2.3', '', MUCH_LATER)],
    ['192.0.2.0', '192.0.2.1 timeout 34d', '192.0.2.2 timeout 4d3h4m5s', '192.0.2.3 timeout 34d']],
  ['side by side', [rule('ban', '192.0.2.128/25', '', null), rule('ban', '192.0.2.0/25', '', null)], ['192.0.2.0/25', '192.0.2.128/25']],
  ['everything', [rule('ban', '0.0.0.0/0', '', null), rule('ban', '192.0.2.0/25', '', LATER)], ['0.0.0.0/0']],
])('nftables knows no overlapping elements. %s', (_, all, expected) => {
  const elements = /elements = \{([^}]*)\}/.exec(writeRuleList(all, 'nftables', NOW))?.[1] ?? ''
  expect(elements.split(',').map((element) => element.trim())).toEqual(expected)
})

const reason = fc.string({ unit: fc.constantFrom('=', "'", '"', ',', '\n', '}', '{', '#', '\\', 'x', ' ', '\u202e', ';', ':'), maxLength: 12 })
const network = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 })).map(([last, prefix]) => `192.0.2.${(last >> (32 - prefix)) << (32 - prefix)}${prefix === 32 ? '' : `/${prefix}`}`)
const made = fc.uniqueArray(fc.record({ scope: network, reason, until: fc.constantFrom(null, LATER, MUCH_LATER) }), { maxLength: 30, selector: ({ scope }) => scope })

describe('the whitelist always beats a ban, also in a firewall', () => {
  const elementsOf = (text: string) => [...text.matchAll(/elements = \{([^}]*)\}/g)].map(([, elements = '']) => elements.split(',').map((element) => element.trim()))
  test.each<[string, readonly Rule[], readonly string[][]]>([
    ['an address in the middle', [rule('ban', '198.51.100.0/24', 'spam', LATER), rule('allow', '198.51.100.9', '', null)], [['198.51.100.0-198.51.100.8 timeout 4d3h4m5s comment "spam"', '198.51.100.10-198.51.100.255 timeout 4d3h4m5s comment "spam"']]],
    ['at the edges, two beside each other, and one within another', [rule('ban', '198.51.100.0/28', '', null), ...['198.51.100.0', '198.51.100.15', '198.51.100.4/31', '198.51.100.6', '198.51.100.4'].map((scope) => rule('allow', scope, '', null))],
      [['198.51.100.1-198.51.100.3', '198.51.100.7-198.51.100.14']]],
    ['what is whitelisted as a whole is not there', [rule('ban', '198.51.100.9', '', null), rule('ban', '203.0.113.9', '', null), rule('allow', '198.51.100.0/24', '', null)], [['203.0.113.9']]],
    ['an entry that is over beats nothing', [rule('ban', '198.51.100.0/24', '', null), rule('allow', '198.51.100.9', '', '2026-11-23T15:00:00.000Z')], [['198.51.100.0/24']]],
    ['IPv6', [rule('ban', '2001:db8::/64', '', null), rule('ban', '2001:db8:1::/48', '', null), rule('allow', '2001:db8::9', '', null)], [['2001:db8::-2001:db8::8', '2001:db8::a-2001:db8::ffff:ffff:ffff:ffff', '2001:db8:1::/48']]],
  ])('%s', (_, all, expected) => {
    expect(elementsOf(writeRuleList(all.filter(({ kind }) => kind === 'ban'), 'nftables', NOW, all))).toEqual(expected)
    const text = writeRuleList(all, 'nftables', NOW)
    expect(elementsOf(text).slice(0, expected.length)).toEqual(expected)
    expect(read(text).ok).toBe(true)
  })

  test('the file says what it did, and whom it cannot spare', () => {
    const all = [rule('ban', '198.51.100.0/24', '', null), rule('allow', '198.51.100.9', '', null), rule('allow', '.outlook.com', '', null)]
    expect(writeRuleList(all.slice(0, 1), 'nftables', NOW, all).split('\n').slice(2, 5)).toEqual([
      '# The addresses and networks of the whitelist are cut out of the bans. Export again when the whitelist has changed.',
      '# Whom the whitelist has by name only is dropped where a ban covers its address.', '# left out, as nftables knows no names: .outlook.com',
    ])
    // The whitelist alone drops nobody.
    expect(writeRuleList(all.slice(1), 'nftables', NOW, all)).not.toMatch(/cut out|dropped where/)
  })

  const allowed = fc.uniqueArray(network, { maxLength: 6 })
  test('whatever overlaps: banned is who the rules ban and the whitelist does not name', () => {
    fc.assert(fc.property(made, allowed, (list, spared) => {
      const all = [...list.map((each) => rule('ban', each.scope, each.reason, each.until)), ...spared.map((scope) => rule('allow', scope, '', null))]
      const back = read(writeRuleList(all.filter(({ kind }) => kind === 'ban'), 'nftables', NOW, all))
      if (!back.ok) throw new Error(back.problems.join())
      const has = (scopes: readonly { readonly scope: string }[], last: number) => scopes.some(({ scope }) => contains(parseNetwork(scope)!, parseAddress(`192.0.2.${last}`)!))
      for (let last = 0; last < 256; last++) expect(has(back.rules, last)).toBe(has(list, last) && !has(spared.map((scope) => ({ scope })), last))
    }), { numRuns: 200, seed: 7 })
  })
})

test('whitelist: sets of its own; a name cannot be said', () => {
  const all = [rule('ban', '192.0.2.1', '', null), rule('allow', '192.0.2.2', '', null), rule('allow', '.outlook.com', '', null)]
  const text = writeRuleList(all, 'nftables', NOW)
  expect(text).toContain('# left out, as nftables knows no names: .outlook.com\n')
  expect(read(text)).toEqual(rules(ban('192.0.2.1', '', forGood), { kind: 'allow', scope: '192.0.2.2', reason: '', until: null }))
  expect(writeRuleList([rule('allow', '192.0.2.2', '', null)], 'nftables', NOW)).not.toContain('ban4 {')
  expect(read(writeRuleList([], 'nftables', NOW))).toEqual(rules())
})

test('written for a shell: nothing of a reason is more than a comment', () => {
  const all = [rule('ban', '192.0.2.1', '\nrm -rf /\r\n`x` $(y)', LATER), rule('allow', '192.0.2.0/24', '', null), rule('allow', 'mail.acme.example', '', null)]
  const text = writeRuleList(all, 'fail2ban', NOW)
  expect(text.split('\n')).toEqual([
    '#!/bin/sh', "# Written by Porch, for a jail of the name porch; how long its bans hold is the jail's own bantime.",
    `fail2ban-client set porch banip 192.0.2.1 # until ${LATER}: rm -rf / \`x\` $(y)`, 'fail2ban-client set porch addignoreip 192.0.2.0/24 # for good',
    '# left out, as fail2ban knows no verified names: mail.acme.example', '',
  ])
  expect(read(text)).toEqual(rules(ban('192.0.2.1', 'rm -rf / `x` $(y)', { until: LATER }), { kind: 'allow', scope: '192.0.2.0/24', reason: '', until: null }))
})

test('what is written for nftables bans whom the rules ban, for as long, whatever overlaps', () => {
  const end = (when: string | null | undefined) => (when === null ? Infinity : Date.parse(when ?? ''))
  fc.assert(fc.property(made, (list) => {
    const back = read(writeRuleList(list.map((each) => rule('ban', each.scope, each.reason, each.until)), 'nftables', NOW))
    if (!back.ok) throw new Error(back.problems.join())
    for (let last = 0; last < 256; last++) {
      const address = parseAddress(`192.0.2.${last}`)!
      const longest = (all: readonly { readonly scope: string; readonly until?: string | null | undefined }[]) => Math.max(0, ...all.filter(({ scope }) => contains(parseNetwork(scope)!, address)).map((each) => end(each.until)))
      expect(longest(back.rules)).toBe(longest(list))
    }
  }), { numRuns: 200, seed: 4 })
})

test('what is written for fail2ban is read as the same rules', () => {
  fc.assert(fc.property(made, (list) => {
    const back = read(writeRuleList(list.map((each) => rule('ban', each.scope, each.reason, each.until)), 'fail2ban', NOW))
    expect(back.ok && back.rules.map((each) => [each.scope, each.until])).toEqual(list.map((each) => [each.scope, each.until]))
  }), { numRuns: 200, seed: 5 })
})

test('whatever a file holds: rules or a problem, never an exception, and nothing is taken beside a problem', () => {
  const piece = fc.constantFrom('table inet t {', 'set s {', 'type ipv4_addr', 'elements = {', '}', '192.0.2.1', ',', ';', '"', '#', '\n', ' timeout ', '5d', '-', 'add element t s {', 'fail2ban-client set x banip ', 'Status for the jail: x\n', '[', "'", 'comment', '\0', 'chain c {', '\\\n', '2001:db8::1', 'x'.repeat(100))
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')), (text) => {
    const result = read(text)
    expect(result.ok ? result.rules.length >= 0 : result.problems.length > 0).toBe(true)
  }), { numRuns: 3000, seed: 6 })
})

describe('100,000 lines', () => {
  const scopes = Array.from({ length: 100_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  const all = scopes.map((scope) => rule('ban', scope, 'spam', LATER))
  test.each(['plain', 'csv', 'nftables', 'fail2ban'] as const)('%s: there and back', (format) => {
    const back = read(writeRuleList(all, format, NOW))
    expect(back.ok && back.rules.length).toBe(100_000)
  })
  test('in one line of nftables, and of fail2ban', () => {
    for (const text of [set(scopes.join(', ')), scopes.join(' ')]) {
      const result = read(text)
      expect(result.ok && result.rules.length).toBe(100_000)
    }
  })
})
