// Our reading and writing of addresses against ipaddr.js and the system's inet_pton, as oracles.
import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { ipv6Text, readIpv4, readIpv6 } from '../../../shared/net/iptext.ts'

const parameters = { numRuns: 5000, seed: 20021008 }

test('IPv6 is written as ipaddr.js writes it, and reads back', () => {
  const octet = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(255))
  fc.assert(fc.property(fc.array(octet, { minLength: 16, maxLength: 16 }), (octets) => {
    const text = ipv6Text(octets)
    if (!text.startsWith('::ffff:')) expect(text).toBe(new ipaddr.IPv6(octets).toRFC5952String())
    expect(readIpv6(text)).toEqual(octets)
    expect(ipaddr.IPv6.parse(text).toByteArray()).toEqual(octets)
  }), parameters)
})

test('an IPv4-mapped address is written in the mixed form', () => {
  expect(ipv6Text([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1])).toBe('::ffff:192.0.2.1')
})

test('what inet_pton takes for an address, and nothing else, is read', () => {
  const group = fc.oneof(fc.stringMatching(/^[0-9a-fA-F]{0,5}$/), fc.constantFrom('', '0', '1.2.3.4', '1.2.3', 'g'))
  const text = fc.oneof(fc.array(group, { maxLength: 9 }).map((groups) => groups.join(':')), fc.stringMatching(/^[0-9a-f:.]{0,20}$/))
  fc.assert(fc.property(text, (one) => {
    expect({ text: one, read: readIpv6(one) !== null }).toEqual({ text: one, read: isIPv6(one) })
    expect({ text: one, read: readIpv4(one) !== null }).toEqual({ text: one, read: isIPv4(one) })
  }), parameters)
  const quad = fc.array(fc.constantFrom('0', '1', '01', '25', '255', '256', '999', '', '00', '1000'), { minLength: 3, maxLength: 5 })
  fc.assert(fc.property(quad, (parts) => {
    const one = parts.join('.')
    expect({ text: one, read: readIpv4(one) !== null }).toEqual({ text: one, read: isIPv4(one) })
    expect({ text: one, read: readIpv6(`::${one}`) !== null }).toEqual({ text: one, read: isIPv6(`::${one}`) })
  }), parameters)
})
