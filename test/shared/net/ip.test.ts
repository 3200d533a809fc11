// Addresses and networks: one canonical spelling, strict reading, host bits an error.
import { describe, expect, test } from 'vitest'
import { canonicalAddress, clientScope, contains, neighbourhood, networkOf, parseAddress, parseNetwork, reverseName } from '../../../shared/net/ip.ts'

describe('addresses are read strictly and written canonically', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['::', '::'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical)
  })

  test.each([
    '', '192.0.2', '192.0.2.256', '192.0.2.01', '0x7f.0.0.1', '2130706433', '192.0.2.1.', ' 192.0.2.1', '192.0.2.1\n',
    ':::', '1::2::3', '2001:db8::g', 'fe80::1%eth0', '::ffff:192.0.2.256', '[::1]', 'localhost', '1:2:3:4:5:6:7:8:9', '::1.2.3', '12345::',
  ])('%j is no address', (text) => {
    expect(parseAddress(text)).toBeNull()
  })
})

describe('networks', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::/0', '::/0'],
  ])('%s is %s', (text, canonical) => {
    expect(parseNetwork(text)?.text).toBe(canonical)
  })

  test.each(['192.0.2.1/24', '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/', '192.0.2.0/24/1', '192.0.2.0/024', '192.0.2.0/2x', '2001:db8::1/64', '2001:db8::/129', '/24', 'shop.example/24'])(
    '%j is no network',
    (text) => {
      expect(parseNetwork(text)).toBeNull()
    },
  )

  test('an address is inside its own networks and not inside the other family’s', () => {
    const client = parseAddress('192.0.2.130')!
    expect(networkOf(client, 25).text).toBe('192.0.2.128/25')
    expect(contains(parseNetwork('192.0.2.128/25')!, client)).toBe(true)
    expect(contains(parseNetwork('192.0.2.0/25')!, client)).toBe(false)
    expect(contains(parseNetwork('::/0')!, client)).toBe(false)
    expect(contains(parseNetwork('0.0.0.0/0')!, client)).toBe(true)
  })

  test('one client is an IPv4 address or an IPv6 /64; its neighbourhood a /24 or the same /64', () => {
    expect(clientScope(parseAddress('192.0.2.130')!).text).toBe('192.0.2.130')
    expect(clientScope(parseAddress('2001:db8:1:2:3:4:5:6')!).text).toBe('2001:db8:1:2::/64')
    expect(neighbourhood(parseAddress('192.0.2.130')!).text).toBe('192.0.2.0/24')
    expect(neighbourhood(parseAddress('2001:db8:1:2:3:4:5:6')!).text).toBe('2001:db8:1:2::/64')
  })
})

test('reverse names', () => {
  expect(reverseName(parseAddress('216.33.111.150')!)).toBe('150.111.33.216.in-addr.arpa')
  expect(reverseName(parseAddress('2001:db8::567:89ab')!)).toBe('b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa')
})
