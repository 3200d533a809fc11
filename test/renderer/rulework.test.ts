/** Rules in the console, the pure parts: what holds for whom, order and search, selection, lengths, what is there already, what a list would do. */
import { describe, expect, test } from 'vitest'
import { goodSendersHit, planImport } from '../../renderer/model/importplan.ts'
import { ownLength, readLength, untilMorning } from '../../renderer/model/lengths.ts'
import { RuleBook, standingWord } from '../../renderer/model/rulebook.ts'
import { Arrangement, nextOrder, USUAL_ORDER } from '../../renderer/model/rules.ts'
import type { Column, Wanted } from '../../renderer/model/rules.ts'
import { registeredChoice } from '../../renderer/model/scopes.ts'
import { everything, extended, NOTHING, toggled } from '../../renderer/model/selection.ts'
import { standingOf } from '../../renderer/model/standing.ts'
import type { Rule } from '../../shared/events.ts'
import { parseAddress, parseNetwork } from '../../shared/net/ip.ts'

const NOW = Date.UTC(2026, 10, 25, 12)
const rule = (kind: Rule['kind'], scope: string, more: Partial<Rule> = {}): Rule => ({ kind, scope, reason: '', by: 'admin', since: '2026-11-01T00:00:00.000Z', until: null, hits: 0, ...more })
const bookOf = (...rules: Rule[]) => {
  const book = new RuleBook()
  for (const each of rules) book.put(each)
  return book
}

describe('what holds for a client', () => {
  const book = bookOf(rule('ban', '192.0.2.0/24'), rule('ban', '192.0.2.7'), rule('allow', '192.0.2.7'), rule('allow', '.acme.example'), rule('ban', '2001:db8:1:2::/64'))
  test.each([
    ['192.0.2.7', null, 'allowed'], ['192.0.2.8', null, 'banned'], ['192.0.2.8', 'Mail.ACME.example', 'allowed'], ['192.0.2.8', 'acme.example', 'banned'],
    ['198.51.100.1', null, null], ['2001:db8:1:2::99', null, 'banned'], ['::ffff:192.0.2.8', null, 'banned'], ['nonsense', null, null],
  ])('%s (%s): %s', (client, name, expected) => {
    expect(standingWord(book.match(client, name))).toBe(expected)
  })

  test('what is removed holds no more; a change counts once', () => {
    const changed = bookOf(rule('ban', '192.0.2.7'), rule('ban', '192.0.2.7', { hits: 5 }))
    expect([changed.count('ban'), changed.get('ban', '192.0.2.7')?.hits]).toEqual([1, 5])
    changed.remove('ban', '192.0.2.7')
    changed.remove('ban', '192.0.2.7')
    expect([changed.count('ban'), changed.match('192.0.2.7', null).ban]).toEqual([0, null])
  })

  test('all that cover an address, and what is inside a network', () => {
    expect(book.covering(parseAddress('192.0.2.7')!).map(({ kind, scope }) => `${kind} ${scope}`)).toEqual(['ban 192.0.2.7', 'ban 192.0.2.0/24', 'allow 192.0.2.7'])
    expect(book.within('ban', parseNetwork('192.0.0.0/16')!).map(({ scope }) => scope)).toEqual(['192.0.2.0/24', '192.0.2.7'])
    expect(book.around('ban', parseNetwork('192.0.2.7')!)?.scope).toBe('192.0.2.0/24')
  })
})

describe('order and search', () => {
  const book = bookOf(
    rule('ban', '192.0.2.10', { reason: 'Spam', since: '2026-01-01', hits: 3, until: '2026-12-01' }), rule('ban', '192.0.2.9', { reason: 'abc', since: '2026-01-03', hits: 30, by: 'auto', lastHit: '2026-11-20' }),
    rule('allow', '.partner.example', { since: '2026-01-02' }), rule('ban', '2001:db8::/64', { since: '2026-01-04' }), rule('ban', '10.0.0.0/8', { since: '2026-01-05' }),
  )
  const scopes = (wanted: Partial<Wanted>) => new Arrangement().rows(book, { tab: 'all', text: '', order: USUAL_ORDER, ...wanted }).map(({ scope }) => scope)
  test.each<[Column, boolean, string[]]>([
    ['since', true, ['10.0.0.0/8', '2001:db8::/64', '192.0.2.9', '.partner.example', '192.0.2.10']],
    ['scope', false, ['10.0.0.0/8', '192.0.2.9', '192.0.2.10', '2001:db8::/64', '.partner.example']],
    ['hits', true, ['192.0.2.9', '192.0.2.10', '.partner.example', '2001:db8::/64', '10.0.0.0/8']],
    ['until', false, ['192.0.2.10', '192.0.2.9', '.partner.example', '2001:db8::/64', '10.0.0.0/8']],
    ['lastHit', true, ['192.0.2.9', '192.0.2.10', '.partner.example', '2001:db8::/64', '10.0.0.0/8']],
    ['by', true, ['192.0.2.9', '192.0.2.10', '.partner.example', '2001:db8::/64', '10.0.0.0/8']],
    ['kind', false, ['.partner.example', '192.0.2.10', '192.0.2.9', '2001:db8::/64', '10.0.0.0/8']],
  ])('by %s, descending: %s', (column, descending, expected) => {
    expect(scopes({ order: { column, descending } })).toEqual(expected)
  })

  test.each([['SPAM', ['192.0.2.10']], ['2001:DB8', ['2001:db8::/64']], ['10.1.2.3', ['10.0.0.0/8']], ['192.0.2.0/24', ['192.0.2.9', '192.0.2.10']], ['zzz', []], ['partner', ['.partner.example']]])('%s finds %j', (text, expected) => {
    expect(scopes({ text })).toEqual(expected)
  })

  test('after a change the order holds, with what is new and without what is gone', () => {
    const changing = bookOf(rule('ban', '192.0.2.1', { hits: 1 }), rule('ban', '192.0.2.2', { hits: 2 }), rule('allow', '192.0.2.3'))
    const arrangement = new Arrangement()
    const wanted: Wanted = { tab: 'ban', text: '', order: { column: 'hits', descending: true } }
    const now = () => arrangement.rows(changing, wanted).map(({ scope, hits }) => `${scope} ${hits}`)
    expect(now()).toEqual(['192.0.2.2 2', '192.0.2.1 1'])
    changing.put(rule('ban', '192.0.2.1', { hits: 9 }))
    changing.put(rule('ban', '192.0.2.4', { hits: 5 }))
    changing.remove('ban', '192.0.2.2')
    expect(now()).toEqual(['192.0.2.1 9', '192.0.2.4 5'])
  })

  test('a click on a head turns the order around, or begins with what is asked for first', () => {
    expect([nextOrder(USUAL_ORDER, 'since'), nextOrder(USUAL_ORDER, 'hits'), nextOrder(USUAL_ORDER, 'scope')])
      .toEqual([{ column: 'since', descending: false }, { column: 'hits', descending: true }, { column: 'scope', descending: false }])
  })
})

test('selection: one by one, a range from where one began, all, by key so that rows may move', () => {
  const keys = ['a', 'b', 'c', 'd', 'e']
  const one = toggled(NOTHING, 'b')
  const range = extended(one, keys, 1, 3)
  expect([[...range.chosen], range.anchor]).toEqual([['b', 'c', 'd'], 'b'])
  expect([...extended(range, keys, 3, 0).chosen].sort()).toEqual(['a', 'b', 'c', 'd'])
  expect([...extended(NOTHING, keys, 2, 4).chosen]).toEqual(['c', 'd', 'e'])
  expect([...extended(NOTHING, keys, -1, 1).chosen]).toEqual(['a', 'b'])
  expect([...extended({ chosen: new Set(), anchor: 'gone' }, keys, 4, 3).chosen]).toEqual(['d', 'e'])
  expect([...toggled(range, 'c').chosen]).toEqual(['b', 'd'])
  expect(everything(keys).chosen.size).toBe(5)
})

test.each([['3600000', 3_600_000], ['ever', null], ['keep', undefined], [ownLength('3d'), 259_200_000], [ownLength(' 90 m'), 5_400_000], [ownLength('ever'), null]])('length %s: %s ms', (value, ms) => {
  expect(readLength(value, NOW)).toEqual({ ok: true, ms })
})
test.each(['', '3', '3 years', '-1d', '0s'])('own length "%s" is none', (text) => {
  expect(readLength(ownLength(text), NOW)).toEqual({ ok: false })
})
test.each([[14, 18], [23, 9], [2, 6], [5, 27], [8, 24]])('at %d:00 the morning is %d h away', (hour, hours) => {
  expect(untilMorning(new Date(2026, 10, 25, hour).getTime())).toBe(hours * 3_600_000)
})

test('the registered network is offered as one choice, unless it is far too wide or in too many pieces', () => {
  const known = (...cidrs: string[]) => registeredChoice('ban', { known: true, cidrs, name: 'ACME-NET', handle: null })
  expect(known('192.0.2.0/25', '192.0.2.128/26')).toEqual({ kind: 'registered', scope: '192.0.2.0/25', more: ['192.0.2.128/26'], name: 'ACME-NET' })
  expect([known(), known('0.0.0.0/0'), known('192.0.2.0/24', '8.0.0.0/6'), known(...Array.from({ length: 40 }, (_, n) => `10.0.${n}.0/24`)), registeredChoice('ban', { known: false, why: 'off' })]).toEqual([null, null, null, null, null])
})

describe('what is there already', () => {
  const book = bookOf(rule('ban', '192.0.2.0/24'), rule('ban', '198.51.100.7', { by: 'auto' }), rule('allow', '203.0.113.0/24'), rule('allow', '10.1.0.5'), rule('allow', '10.1.0.6'), rule('allow', '.acme.example'))
  test.each<[Rule['kind'], string, string | null, string[]]>([
    ['ban', '192.0.2.0/24', null, ['same 192.0.2.0/24']],
    ['ban', '192.0.2.7', null, ['covered 192.0.2.0/24']],
    ['ban', '203.0.113.9', null, ['beaten 203.0.113.0/24']],
    ['ban', '198.51.100.9', 'mx.acme.example', ['beaten .acme.example']],
    ['ban', '10.1.0.0/16', null, ['exceptions 10.1.0.5']],
    ['ban', '198.51.100.8', null, []],
    ['allow', '192.0.2.7', null, ['beats 192.0.2.0/24']],
    ['allow', '198.51.100.7', null, ['lifts 198.51.100.7']],
    ['allow', 'mx.acme.example', null, ['covered .acme.example']],
    ['allow', '.acme.example', null, ['same .acme.example']],
    ['ban', 'nonsense', null, []],
  ])('%s %s (%s): %j', (kind, scope, name, expected) => {
    expect(standingOf(book, kind, scope, name).map((standing) => `${standing.kind} ${standing.rule.scope}`)).toEqual(expected)
  })
})

describe('a list before it is imported', () => {
  const book = bookOf(rule('ban', '192.0.2.1'), rule('allow', '198.51.100.5'))
  test('counts new, replaced, repeated, over and bad ones; those that do not say how long get the chosen length', () => {
    const plan = planImport('scope,kind,reason,until\n192.0.2.1,ban,,\n192.0.2.2,,,2020-01-01\n192.0.2.3/24,ban,,\n198.51.100.0/24,ban,first,2027-01-01\n198.51.100.0/24,ban,last,2027-01-01\n.acme.example,allow,,\n', 'ban', 3_600_000, book, NOW)
    expect([plan.survey.format, plan.fresh, plan.replaced, plan.bans, plan.allows, plan.unsaid, plan.survey.expired, plan.survey.repeated, plan.survey.bad]).toEqual(['csv', 2, 1, 2, 1, 0, 1, 1, 1])
    expect(plan.survey.problems).toEqual(['line 4: "192.0.2.3/24": has host bits set; the network is 192.0.2.0/24'])
    const plain = planImport('192.0.2.8\n', 'ban', 3_600_000, book, NOW)
    expect(plain.rules).toEqual([{ kind: 'ban', scope: '192.0.2.8', reason: '', until: '2026-11-25T13:00:00.000Z' }])
    expect(planImport('192.0.2.8\n', 'ban', undefined, book, NOW).rules[0]?.until).toBeUndefined()
  })

  test('good senders it would hit, without those that a whitelist entry spares', () => {
    const { rules } = planImport('198.51.100.0/24\n', 'ban', null, bookOf(), NOW)
    const senders = ['198.51.100.4', '198.51.100.5', '203.0.113.1'].map((client) => ({ client, name: client.endsWith('4') ? 'mail.good.example' : null, sessions: 1 }))
    expect(goodSendersHit(rules, senders, book).map(({ client }) => client)).toEqual(['198.51.100.4'])
    expect(goodSendersHit(rules, senders, bookOf(rule('allow', '.good.example'), rule('allow', '198.51.100.5')))).toEqual([])
  })
})
