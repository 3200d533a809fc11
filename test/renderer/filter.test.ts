/** Filters: what they match, what stands in the address bar, what the search field understands. */
import { describe, expect, test } from 'vitest'
import { filterFromQuery, filterFromTyped, filterToQuery, matcher, NO_FILTER, toRequest, widerMatcher } from '../../renderer/model/filter.ts'
import type { Filter } from '../../renderer/model/filter.ts'
import { parseRoute, routeHash } from '../../renderer/model/route.ts'
import { session } from './sessions.ts'

const full: Filter = { disposition: 'rejected', finding: 'ptr-missing', network: '192.0.2.0/24', domain: 'acme.example', text: 'joe@shop', typed: null }

test('a filter survives the address bar', () => {
  expect(filterFromQuery(new URLSearchParams(filterToQuery(full).toString()))).toEqual(full)
  expect(filterFromQuery(filterToQuery({ ...NO_FILTER, text: 'a&b=c#d é' }))).toEqual({ ...NO_FILTER, text: 'a&b=c#d é' })
})

test('what stands in the search field survives it too', () => {
  expect(filterToQuery({ ...NO_FILTER, typed: 'acme ' }).toString()).toBe('q=acme+')
  expect(filterFromQuery(new URLSearchParams('q=acme+')).typed).toBe('acme ')
})

test('what is unknown or malformed in the address bar is left out', () => {
  expect(filterFromQuery(new URLSearchParams('disposition=nice&finding=x&network=192.0.2.1/24&domain=-bad-&text=%20'))).toEqual(NO_FILTER)
})

describe('matching', () => {
  const row = session('s1', { client: '192.0.2.7', ehlo: 'Mail.ACME.example.', sender: 'anna@acme.example' })
  test.each<[string, Partial<Filter>, boolean]>([
    ['nothing asked', {}, true],
    ['everything', full, true],
    ['another disposition', { disposition: 'accepted' }, false],
    ['another finding', { finding: 'ehlo-mismatch' }, false],
    ['its address', { network: '192.0.2.7' }, true],
    ['another network', { network: '192.0.3.0/24' }, false],
    ['a network of the other family', { network: '::/0' }, false],
    ['the domain itself', { domain: 'mail.acme.example' }, true],
    ['a domain that only ends alike', { domain: 'cme.example' }, false],
    ['text in any case', { text: 'JOE@shop' }, true],
    ['text that is nowhere', { text: 'nobody' }, false],
    ['the beginning of a name, as it is typed', { typed: 'mail.ac' }, true],
    ['a sentence', { typed: 'joe@shop.example got nothing from acme.example' }, true],
    ['somebody else’s address that ends alike', { typed: 'a@acme.example' }, false],
    ['an address that nobody has, of a domain that is there', { typed: 'kate@shop.example' }, false],
    ['what is typed beside a chip', { text: 'acme.example', typed: 'nobody' }, false],
  ])('%s', (_name, filter, expected) => {
    expect(matcher({ ...NO_FILTER, ...filter })(row)).toBe(expected)
  })

  test('a session under way has no disposition yet', () => {
    expect(matcher({ ...NO_FILTER, disposition: 'rejected' })({ ...row, open: true })).toBe(false)
  })
})

test('where nothing is found, the store takes the search a step wider, and so does the page; never what is typed beside it', () => {
  const row = session('s1')
  const matches = (filter: Partial<Filter>) => widerMatcher({ ...NO_FILTER, ...filter })?.(row)
  expect(matches({ typed: 'kate@shop.example' })).toBe(true)
  expect(matches({ text: 'kate@shop.example', typed: 'anna' })).toBe(true)
  expect(matches({ text: 'kate@shop.example', typed: 'nobody@shop.example' })).toBe(false)
  expect(matches({ text: 'kate@shop.example', disposition: 'accepted' })).toBe(false)
  expect(matches({ typed: '192.0.2.7' })).toBeUndefined()
})

test('the server is asked for all but what is typed beside a chip of text', () => {
  expect(toRequest(full)).toEqual({ disposition: 'rejected', finding: 'ptr-missing', client: '192.0.2.0/24', name: 'acme.example', text: 'joe@shop' })
  expect(toRequest(NO_FILTER)).toEqual({})
  expect(toRequest({ ...NO_FILTER, typed: ' acme ' })).toEqual({ text: 'acme' })
  expect(toRequest({ ...NO_FILTER, text: 'a.example', typed: 'b' })).toEqual({ text: 'a.example' })
})

test.each<[string, Partial<Filter>]>([
  ['  192.0.2.7 ', { network: '192.0.2.7', typed: null }],
  ['2001:DB8::/32', { network: '2001:db8::/32', typed: null }],
  ['192.0.2.7/24', { network: '192.0.2.0/24', typed: null }],
  ['.Acme.Example', { domain: 'acme.example', typed: null }],
  ['joe@shop.example', { text: 'joe@shop.example', typed: null }],
  ['joe@shop.example got nothing from 192.0.2.7', { text: 'joe@shop.example got nothing from 192.0.2.7', typed: null }],
  ['', { typed: null }],
])('typed %j', (typed, expected) => {
  expect(filterFromTyped(typed)).toEqual(expected)
})

test('routes: page, filter, open session, tab; anything else leads to Live', () => {
  const live = { page: 'live', filter: full, session: 'k3f9', tab: 'ban' } as const
  expect(parseRoute(routeHash(live))).toEqual(live)
  expect(parseRoute('#/rules?tab=allow')).toEqual({ page: 'rules', filter: NO_FILTER, session: null, tab: 'allow' })
  expect(parseRoute('#/nowhere?x=1')).toEqual({ page: 'live', filter: NO_FILTER, session: null, tab: 'ban' })
  expect(routeHash(parseRoute(''))).toBe('#/live')
})
