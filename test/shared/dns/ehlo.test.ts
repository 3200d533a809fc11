// What an EHLO argument is. Each row is a decision; the comment says why where it is not plain.
import { describe, expect, it } from 'vitest'
import { classifyEhlo } from '../../../shared/dns/ehlo.ts'

const L63 = 'a'.repeat(63)
const NAME253 = `${L63}.${L63}.${L63}.${'b'.repeat(61)}`

const rows: readonly (readonly [text: string, form: string])[] = [
  ['www.americangreetings.com', 'name www.americangreetings.com'],
  ['WWW.AmericanGreetings.COM.', 'name www.americangreetings.com'], // case and one final dot do not matter
  ['a.b', 'name a.b'],
  ['_dmarc.mail_1.example', 'name _dmarc.mail_1.example'], // underscores are tolerated
  ['xn--bcher-kva.example', 'name xn--bcher-kva.example'],
  ['3com.com', 'name 3com.com'],
  ['exchange.shop.local', 'name exchange.shop.local'],
  ['256.1.1.1', 'name 256.1.1.1'], // no address; by POLICY's rule of labels a host name (that does not resolve)
  ['1.2.3', 'name 1.2.3'],
  ['127.1', 'name 127.1'], // inet_aton spellings are not addresses in SMTP
  ['1.2.3.4.5', 'name 1.2.3.4.5'],
  [NAME253, `name ${NAME253}`],
  [`${NAME253}.`, `name ${NAME253}`],

  ['localhost', 'one-label localhost'],
  ['FRED.', 'one-label fred'],
  ['12345', 'one-label 12345'], // digits are labels too
  ['_', 'one-label _'],
  [L63, `one-label ${L63}`],

  ['192.0.2.1', 'bare-address 192.0.2.1'],
  ['192.0.2.1.', 'bare-address 192.0.2.1'],
  ['192.000.002.001', 'bare-address 192.0.2.1'], // Snum is decimal, also with leading zeros
  ['2001:DB8::1', 'bare-address 2001:db8::1'],
  ['2001:db8:0:0:0:0:0:1', 'bare-address 2001:db8::1'],
  ['::ffff:192.0.2.1', 'bare-address 192.0.2.1'],
  ['::', 'bare-address ::'],

  ['[192.0.2.1]', 'literal 192.0.2.1'],
  ['[192.000.002.001]', 'literal 192.0.2.1'],
  ['[IPv6:2001:db8::1]', 'literal 2001:db8::1'],
  ['[ipv6:2001:DB8:0::0:1]', 'literal 2001:db8::1'],
  ['[IPV6:::ffff:192.0.2.1]', 'literal 192.0.2.1'], // IPv4-mapped counts as IPv4
  ['[IPv6:::FFFF:c000:201]', 'literal 192.0.2.1'],
  ['[IPv6:::]', 'literal ::'],

  ['', 'malformed'],
  ['.', 'malformed'],
  ['..', 'malformed'],
  ['.a.b', 'malformed'],
  ['a..b', 'malformed'],
  ['a.b..', 'malformed'], // one final dot only
  ['-a.b', 'malformed'],
  ['a-.b', 'malformed'],
  ['a.-b', 'malformed'],
  ['a.b-', 'malformed'],
  [`${L63}a.example`, 'malformed'],
  [`${NAME253}c`, 'malformed'],
  ['a b.example', 'malformed'],
  ['a.example ', 'malformed'],
  [' a.example', 'malformed'],
  ['a.example\n', 'malformed'],
  ['a\tb.example', 'malformed'],
  ['a\0b.example', 'malformed'],
  ['a\x7f.example', 'malformed'],
  ['bücher.example', 'malformed'], // U-labels are not host names on the wire
  ['\u212a.example', 'malformed'], // KELVIN SIGN: no folding to "k"
  ['a.example/b', 'malformed'],
  ['a@b.example', 'malformed'],
  ['<script>.example', 'malformed'],
  ['*.example', 'malformed'],
  ['a\\.b.example', 'malformed'],
  ['IPv6:2001:db8::1', 'malformed'], // the tag belongs into brackets
  ['2001:db8::1::2', 'malformed'],
  ['192.0.2.1:25', 'malformed'],
  ['[192.0.2.1', 'malformed'],
  ['192.0.2.1]', 'malformed'],
  ['[192.0.2.1].', 'malformed'],
  ['[192.0.2.1]x', 'malformed'],
  ['[[192.0.2.1]]', 'malformed'],
  ['[]', 'malformed'],
  ['[', 'malformed'],
  [']', 'malformed'],
  ['[ 192.0.2.1 ]', 'malformed'],
  ['[192.0.2]', 'malformed'],
  ['[1.2.3.4.5]', 'malformed'],
  ['[256.0.0.1]', 'malformed'],
  ['[0192.0.2.1]', 'malformed'], // four digits
  ['[192.0.2.1.]', 'malformed'],
  ['[0x7f.0.0.1]', 'malformed'],
  ['[127.1]', 'malformed'],
  ['[2130706433]', 'malformed'],
  ['[2001:db8::1]', 'malformed'], // RFC 5321: an IPv6 literal needs its tag
  ['[IPv6:192.0.2.1]', 'malformed'],
  ['[IPv4:192.0.2.1]', 'malformed'],
  ['[IPv6:]', 'malformed'],
  ['[IPv6: 2001:db8::1]', 'malformed'],
  ['[IPv6:2001:db8::1%eth0]', 'malformed'],
  ['[IPv6:fe80::1/64]', 'malformed'],
  ['[IPv6:2001:db8::12345]', 'malformed'],
  ['[IPv6:1:2:3:4:5:6:7:8:9]', 'malformed'],
  ['[x-tag:content]', 'malformed'],
  ['[mail.example]', 'malformed'],
  ['[fred]', 'malformed'],
  [`[IPv6:${'0:'.repeat(500)}1]`, 'malformed'],
]

describe('classifyEhlo', () => {
  it.each(rows)('%.60j is %s', (text, expected) => {
    const form = classifyEhlo(text)
    const said = 'address' in form ? `${form.kind} ${form.address.text}` : 'name' in form ? `${form.kind} ${form.name}` : form.kind
    expect(said).toBe(expected)
  })
})
