import { describe, expect, test } from 'vitest'
import type { Rule } from '../../../shared/events.ts'
import { PROVIDERS, suggest } from '../../../shared/gate/suggest.ts'
import type { SuggestInput, Suggestion } from '../../../shared/gate/suggest.ts'
import { parseScope } from '../../../shared/gate/scope.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-23T15:00:00.000Z')
const ago = (days: number) => new Date(NOW - days * DAY).toISOString()
const rule = (kind: Rule['kind'], scope: string, days = 1, by: Rule['by'] = 'auto'): Rule => ({ kind, scope, reason: '', by, since: ago(days), until: null, hits: 0 })
const bans = (count: number, scope: (n: number) => string) => Array.from({ length: count }, (_, n) => rule('ban', scope(n)))

function told(input: Partial<SuggestInput>, kind: Suggestion['kind']) {
  return suggest({ rules: [], earned: [], now: NOW, ...input }).filter((each) => each.kind === kind)
}

describe('networks with many banned members', () => {
  const v4 = (n: number) => `192.0.2.${n}`
  test.each<[string, readonly Rule[], readonly string[]]>([
    ['seven in a /24 are few', bans(7, v4), []],
    ['eight are many', bans(8, v4), ['192.0.2.0/24 8']],
    ['by hand or automatically', [...bans(7, v4), rule('ban', '192.0.2.99', 1, 'admin')], ['192.0.2.0/24 8']],
    ['over two networks', [...bans(7, v4), rule('ban', '192.0.3.1')], []],
    ['the most members first', [...bans(8, v4), ...bans(9, (n) => `198.51.100.${n}`)], ['198.51.100.0/24 9', '192.0.2.0/24 8']],
    ['the network is banned already', [...bans(8, v4), rule('ban', '192.0.2.0/24')], []],
    ['a wider one is', [...bans(8, v4), rule('ban', '192.0.0.0/16')], []],
    ['networks are no members', bans(8, (n) => `192.0.2.${n * 16}/28`), []],
    ['/64s of a /56', bans(8, (n) => `2001:db8:1:${n}::/64`), ['2001:db8:1::/56 8']],
    ['/64s of two /56s', bans(8, (n) => `2001:db8:1:${n}f0::/64`), []],
    ['whitelist entries are no members', [...bans(7, v4), rule('allow', '192.0.2.9')], []],
  ])('%s', (_, rules, expected) => {
    expect(told({ rules }, 'ban-network').map((each) => `${each.scope} ${'members' in each ? each.members.length : 0}`)).toEqual(expected)
  })
})

describe('registered networks with many banned members', () => {
  const spread = (count: number, net = 100) => bans(count, (n) => `198.51.${net + (n & 3)}.${n}`)
  const registered = [
    { cidrs: ['198.51.100.0/22'], holder: 'Acme Hosting' }, { cidrs: ['198.48.0.0/12'], holder: 'a carrier' }, { cidrs: ['2001:db8::/32'], holder: 'Six Ltd' },
    { cidrs: ['192.0.2.0/24'], holder: 'the neighbourhood' }, { cidrs: ['203.0.113.32/27'], holder: 'a small shop' }, { cidrs: ['100.0.0.0/23', '100.0.2.0/24'], holder: 'in two pieces' }, { cidrs: ['nonsense'], holder: 'x' },
  ]
  const of = (rules: readonly Rule[]) => told({ rules, registered }, 'ban-network').filter((each) => 'holder' in each).map((each) => `${each.scope} ${'holder' in each ? each.holder : ''} ${'members' in each ? each.members.length : 0}`)
  test.each<[string, readonly Rule[], readonly string[]]>([
    ['fifteen are few', spread(15), []],
    ['sixteen, in four neighbourhoods of four', spread(16), ['198.51.100.0/22 Acme Hosting 16']],
    ['the most specific one holds them', [...spread(16), ...bans(16, (n) => `198.50.${n}.1`)], ['198.51.100.0/22 Acme Hosting 16', '198.48.0.0/12 a carrier 16']],
    ['IPv6', bans(20, (n) => `2001:db8:${n}::/64`), ['2001:db8::/32 Six Ltd 20']],
    ['banned already', [...spread(16), rule('ban', '198.51.100.0/22')], []],
    ['what is a /24 is suggested once, with its holder', bans(8, (n) => `192.0.2.${n}`), ['192.0.2.0/24 the neighbourhood 8']],
    ['one smaller than a neighbourhood: eight are many', bans(8, (n) => `203.0.113.${32 + n}`), ['203.0.113.32/27 a small shop 8']],
    ['in several networks: they count together, and each is suggested', [...bans(12, (n) => `100.0.${n & 1}.${n}`), ...bans(4, (n) => `100.0.2.${n}`)], ['100.0.0.0/23 in two pieces 12', '100.0.2.0/24 in two pieces 4']],
    ['in several networks, few', [...bans(11, (n) => `100.0.${n & 1}.${n}`), ...bans(4, (n) => `100.0.2.${n}`)], []],
  ])('%s', (_, rules, expected) => { expect(of(rules)).toEqual(expected) })
})

describe('bans that nobody runs into', () => {
  test.each<[string, Rule, number | null, boolean]>([
    ['made 90 days ago, never hit', rule('ban', '192.0.2.1', 90), null, true],
    ['made 89 days ago', rule('ban', '192.0.2.1', 89), null, false],
    ['hit 90 days ago', rule('ban', '192.0.2.1', 400), 90, true],
    ['hit yesterday', rule('ban', '192.0.2.1', 400), 1, false],
    ['a whitelist entry', rule('allow', '192.0.2.1', 400), null, false],
  ])('%s', (_, each, hit, expected) => {
    expect(told({ rules: [hit === null ? each : { ...each, lastHit: ago(hit) }] }, 'lift-unused')).toEqual(expected ? [{ kind: 'lift-unused', scope: '192.0.2.1', idleSince: ago(hit ?? 90) }] : [])
  })

  test('the longest unused first', () => {
    expect(told({ rules: [rule('ban', '192.0.2.1', 100), rule('ban', '192.0.2.2', 200)] }, 'lift-unused').map(({ scope }) => scope)).toEqual(['192.0.2.2', '192.0.2.1'])
  })
})

describe('correspondents that earned a ban', () => {
  const earned = [{ scope: '192.0.2.1', earnedAt: NOW - 2 * DAY, acceptedAt: NOW - 5 * DAY }, { scope: '2001:db8::/64', earnedAt: NOW - DAY, acceptedAt: NOW - 3 * DAY }]
  test('the latest first, with when', () => {
    expect(told({ earned }, 'ban-correspondent')).toEqual([
      { kind: 'ban-correspondent', scope: '2001:db8::/64', earnedAt: ago(1), acceptedAt: ago(3) },
      { kind: 'ban-correspondent', scope: '192.0.2.1', earnedAt: ago(2), acceptedAt: ago(5) },
    ])
  })
  test.each([['ban', '192.0.2.1'], ['ban', '192.0.2.0/24'], ['allow', '192.0.2.1']] as const)('not any more with %s %s', (kind, scope) => {
    expect(told({ earned, rules: [rule(kind, scope)] }, 'ban-correspondent').map((each) => each.scope)).toEqual(['2001:db8::/64'])
  })
})

describe('large providers', () => {
  test('each is a name that the whitelist takes, as it stands', () => {
    for (const { scope } of PROVIDERS) expect(parseScope('allow', scope)).toMatchObject({ ok: true, scope: { kind: 'name', text: scope } })
    expect(told({}, 'allow-provider').map(({ scope }) => scope)).toEqual(PROVIDERS.map(({ scope }) => scope))
  })
  test('not those that are there, themselves or under a wider name', () => {
    const left = told({ rules: [rule('allow', '.outlook.com'), rule('allow', '.gmx.net'), rule('allow', '.google.com')] }, 'allow-provider').map(({ scope }) => scope)
    expect(left).toEqual(PROVIDERS.map(({ scope }) => scope).filter((scope) => !/outlook|gmx|google/.test(scope)))
  })
})
