import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { isWide, parseDuration, parseScope, readScope } from '../../../shared/gate/scope.ts'

const said = (kind: 'ban' | 'allow', text: string) => {
  const result = parseScope(kind, text)
  return result.ok ? result.scope.text : `! ${result.problem}`
}

describe('canonical scopes', () => {
  test.each([
    // typed, as a ban, as a whitelist entry
    ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['192.0.2.1/32', '192.0.2.1', '192.0.2.1'],
    [' 192.0.2.0/24 ', '192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.16/28', '192.0.2.16/28', '192.0.2.16/28'],
    ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::1', '2001:db8::/64', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::/64', '2001:db8::1:0:0:1'],
    ['2001:db8::1/128', '2001:db8::/64', '2001:db8::1'],
    ['2001:db8::/32', '2001:db8::/32', '2001:db8::/32'],
    ['2001:db8::8:0/112', '2001:db8::8:0/112', '2001:db8::8:0/112'],
    ['::/0', '::/0', '::/0'],
    ['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24', '192.0.2.0/24'],
  ])('%s', (typed, ban, allow) => {
    expect([said('ban', typed), said('allow', typed)]).toEqual([ban, allow])
  })

  test.each([
    ['.outlook.com', '.outlook.com'],
    ['*.Outlook.COM', '.outlook.com'],
    ['Mail.Acme.Example.', 'mail.acme.example'],
    ['acme.example', 'acme.example'],
  ])('verified name %s', (typed, allow) => {
    expect(said('allow', typed)).toBe(allow)
    expect(said('ban', typed)).toBe(`! "${typed}": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24`)
  })

  test.each([
    ['192.0.2.17/28', 'has host bits set; the network is 192.0.2.16/28'],
    ['2001:db8::1/64', 'has host bits set; the network is 2001:db8::/64'],
    ['192.0.2.1/33', 'the length of an IPv4 network is 0 to 32'],
    ['2001:db8::/129', 'the length of an IPv6 network is 0 to 128'],
    ['::ffff:0:0/95', 'addresses below ::ffff:0:0 are IPv4 ones, and the length of a network of them is 96 to 128'],
    ['::ffff:192.0.2.0/129', 'addresses below ::ffff:0:0 are IPv4 ones, and the length of a network of them is 96 to 128'],
    ['192.0.2.0/', 'not a well-formed network, such as 192.0.2.0/24'],
    ['192.0.2.0/024', 'not a well-formed network, such as 192.0.2.0/24'],
    ['192.0.2.0/24/24', 'not a well-formed network, such as 192.0.2.0/24'],
    ['mail.acme.example/24', 'not a well-formed network, such as 192.0.2.0/24'],
    ['192.0.2', 'not a well-formed address'],
    ['192.0.2.256', 'not a well-formed address'],
    ['192.0.2.01', 'not a well-formed address'],
    ['1234', 'not a well-formed address'],
    ['2001:db8::g', 'not a well-formed address'],
    ['fe80::1%eth0', 'not a well-formed address'],
    ['[192.0.2.1]', 'not a host name; expected an address, a network or a verified name, such as .outlook.com'],
    ['outlook', 'expected a full name, such as mail.acme.example, or .acme.example for the names below it'],
    ['..example', 'not a host name; expected an address, a network or a verified name, such as .outlook.com'],
    ['bücher.example', 'not a host name; expected an address, a network or a verified name, such as .outlook.com'],
    ['', 'expected an address, a network or a verified name'],
  ])('no scope: %s', (typed, problem) => {
    const result = parseScope('allow', typed)
    expect(result.ok ? result.scope.text : result.problem.replace(/^"[^"]*": /, '')).toBe(problem)
  })

  test('a hostile scope is quoted in printable characters, on one line and short', () => {
    expect(said('ban', '\u202e\r\nx')).toBe('! "\\u{202e}\\u{d}\\u{a}x": a ban needs an address or a network, such as 192.0.2.1 or 192.0.2.0/24')
    expect(said('ban', 'x'.repeat(200)).length).toBeLessThan(200)
  })
})

test('what was stored is read as it would be typed', () => {
  const octet = fc.integer({ min: 0, max: 300 })
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
  const text = fc.oneof(
    fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.')),
    fc.tuple(group, group, group, group).map((groups) => parseText(`${groups.join(':')}::/64`)),
    fc.stringMatching(/^[0-9a-f.:/]{1,20}$/),
    fc.constantFrom('01.2.3.4', '1.2.3.4.', '.1.2.3', '1..2.3', '', '1.2.3.4/32', '.outlook.com', 'mail.acme.example'),
  )
  fc.assert(
    fc.property(fc.constantFrom<'ban' | 'allow'>('ban', 'allow'), text, (kind, typed) => {
      const parsed = parseScope(kind, typed)
      expect(readScope(kind, typed)).toEqual(parsed.ok ? parsed.scope : null)
    }),
    { numRuns: 3000, seed: 7 },
  )
})

test.each<['ban' | 'allow', string, boolean]>([
  ['ban', '0.0.0.0/0', true], ['ban', '::/0', true], ['ban', '128.0.0.0/7', true], ['ban', '10.0.0.0/8', false], ['ban', '2000::/3', true], ['ban', '2001::/16', false], ['ban', '192.0.2.1', false],
  ['allow', '0.0.0.0/0', true], ['allow', '.com', true], ['allow', '.outlook.com', false], ['allow', 'mail.acme.example', false],
])('%s %s is wide: %s', (kind, scope, expected) => { expect(isWide(kind, scope)).toBe(expected) })

/** In canonical spelling, as stored; what cannot be parsed stays as it is. */
function parseText(text: string): string {
  const parsed = parseScope('ban', text)
  return parsed.ok ? parsed.scope.text : text
}

describe('durations', () => {
  test.each<[string, number | null]>([
    ['30s', 30_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['4d', 345_600_000],
    ['2W', 1_209_600_000],
    ['ever', null],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, ms })
  })

  test.each(['', '4', 'd', '-1d', '0s', '1.5h', '4 d', '4y', '99999d', 'never'])('not a duration: "%s"', (text) => {
    expect(parseDuration(text).ok).toBe(false)
  })
})
