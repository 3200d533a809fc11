/** Times, scopes, zone lines and rule lists: small pure parts, by table. */
import { expect, test } from 'vitest'
import { clockTime, duration, exactTime, lengthOf, offset } from '../../renderer/model/time.ts'
import { scopesFor } from '../../renderer/model/scopes.ts'
import { byParty, zoneLine } from '../../renderer/model/zonefile.ts'
import { strings } from '../../renderer/strings.ts'
import { wouldHaveWords } from '../../renderer/words/golive.ts'

test.each([
  [-5000, 'now'], [0, 'now'], [999, 'now'], [1000, '1 s ago'], [59_999, '59 s ago'], [60_000, '1 min ago'], [3_599_999, '59 min ago'],
  [3_600_000, '1 h ago'], [47 * 3_600_000, '47 h ago'], [48 * 3_600_000, '2 d ago'], [400 * 86_400_000, '400 d ago'],
])('%d ms ago: %s', (ms, expected) => {
  expect(strings.ago(ms)).toBe(expected)
})

test.each([[3_600_000, '1 hour'], [86_400_000, '24 hours'], [96 * 3_600_000, '4 days']])('%d ms are %s', (ms, expected) => {
  expect(strings.longLength(ms)).toBe(expected)
})

test.each([[3_600_000, '1 h'], [96 * 3_600_000 - 1500, '4 d'], [83 * 3_600_000, '3 d'], [59_400, '59 s'], [59_600, '1 min'], [3_599_000, '1 h']])('%d ms left: %s', (ms, expected) => {
  expect(strings.shortLeft(ms)).toBe(expected)
})

test('exact times name their zone; a clock time names its day if it is not today', () => {
  expect(exactTime('2026-11-23T15:00:00.123Z', 'Europe/Berlin')).toBe('23 Nov 2026, 16:00:00.123 CET')
  expect(exactTime('nonsense')).toBe('nonsense')
  const noon = Date.UTC(2026, 10, 23, 12)
  expect([clockTime(noon, noon + 60_000, 'UTC'), clockTime(noon, noon + 86_400_000, 'UTC')]).toEqual(['12:00:00', '23 Nov, 12:00:00'])
})

test('lengths', () => {
  expect([lengthOf(0), duration(12.4), duration(8012), duration(125_000), offset(8003)]).toEqual([{ value: 0, unit: 'second' }, '12 ms', '8.0 s', '2 min 5 s', '8.003'])
})

const texts = (kind: 'ban' | 'allow', client: string, verifiedName: string | null) => scopesFor(kind, { client, verifiedName }).map(({ kind: what, scope }) => `${what} ${scope}`)

test('scopes: an IPv6 address is banned with its /64; only a verified name is whitelisted by name', () => {
  expect(texts('ban', '192.0.2.7', 'a.b.example')).toEqual(['address 192.0.2.7', 'network 192.0.2.0/24'])
  expect(texts('ban', '2001:db8:1:2::3', null)).toEqual(['address 2001:db8:1:2::/64'])
  expect(texts('allow', '2001:db8:1:2::3', null)).toEqual(['address 2001:db8:1:2::3', 'network 2001:db8:1:2::/64'])
  expect(texts('allow', '192.0.2.7', 'mail.acme.example')).toEqual(['address 192.0.2.7', 'network 192.0.2.0/24', 'name mail.acme.example', 'below .acme.example'])
  expect(texts('allow', '192.0.2.7', 'acme.example')).toEqual(['address 192.0.2.7', 'network 192.0.2.0/24', 'name acme.example'])
})

test('remedies as zone-file lines, by who must act; what is removed is never pasted', () => {
  const steps = [
    { who: 'address-owner', do: 'add', name: '150.111.33.216.in-addr.arpa', type: 'PTR', value: 'www.example.com' },
    { who: 'domain-owner', do: 'add', name: 'www.example.com', type: 'A', value: '216.33.111.150' },
    { who: 'domain-owner', do: 'remove', name: 'www.example.com', type: 'CNAME', value: 'web.example.net' },
    { who: 'server', do: 'set-ehlo', name: 'old', type: '', value: 'www.example.com\n' },
  ] as const
  expect(steps.map(zoneLine)).toEqual([
    '150.111.33.216.in-addr.arpa. IN PTR www.example.com.', 'www.example.com. IN A 216.33.111.150', '; remove: www.example.com. IN CNAME web.example.net.', '; EHLO www.example.com\\x0a',
  ])
  expect(byParty({ title: '', steps }).map(({ who, steps: own }) => [who, own.length])).toEqual([['address-owner', 1], ['domain-owner', 2], ['server', 1]])
})

test('the mode in force did what the others would have done', () => {
  const said = (mode: 'enforce' | 'grace', inForce: boolean) => wouldHaveWords(mode, inForce, 'house', 'yesterday', 40, { sessions: 18, senders: 5 }, { sessions: 0 }, 0)
  expect(said('enforce', false)).toBe('Enforcing house rules would have refused 18 sessions of 5 senders yesterday, none of them has sent accepted mail before.')
  expect(said('enforce', true)).toBe('Enforcing house rules meant refusing 18 sessions of 5 senders yesterday, none of them has sent accepted mail before.')
  expect(said('grace', false)).toBe('Grace with house rules would have put off 18 sessions of 5 senders yesterday, none of them has sent accepted mail before. Who does not repair it is refused after some days.')
})
