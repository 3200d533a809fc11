import { describe, expect, it } from 'vitest'
import { offeredParameters, parseCapabilities } from '../../../shared/smtp/capabilities.ts'
import { proxyHeader } from '../../../shared/smtp/proxyout.ts'
import { xclientCommands, xtext } from '../../../shared/smtp/xclient.ts'
import type { XclientIdentity } from '../../../shared/smtp/xclient.ts'

const none = { size: null, eightBitMime: false, smtpUtf8: false, dsn: false, pipelining: false, startTls: false, xclient: [] }

describe('capabilities', () => {
  const table: readonly (readonly [string[], object])[] = [
    [['mx greets'], none],
    [['SIZE 10'], none], // the first line is the greeting, whatever it says
    [['mx', 'SIZE 10240000', '8BITMIME', 'SMTPUTF8', 'DSN', 'PIPELINING', 'STARTTLS'],
      { size: 10_240_000, eightBitMime: true, smtpUtf8: true, dsn: true, pipelining: true, startTls: true, xclient: [] }],
    [['mx', 'size'], { ...none, size: 0 }],
    [['mx', 'SIZE 0'], { ...none, size: 0 }],
    [['mx', 'SIZE -5', 'X-ODD', 'AUTH=LOGIN'], { ...none, size: 0 }],
    [['mx', 'SIZE 99999999999999999999'], { ...none, size: 0 }],
    [['mx', 'xclient Name addr  PORT'], { ...none, xclient: ['NAME', 'ADDR', 'PORT'] }],
  ]
  it.each(table)('%j', (lines, expected) => {
    expect(parseCapabilities(lines)).toEqual(expected)
  })

  it('parameters go only to a backend that offers their extension; unknown ones never', () => {
    const all = ['SIZE=100', 'BODY=8BITMIME', 'SMTPUTF8', 'RET=HDRS', 'ENVID=x', 'NOTIFY=NEVER', 'ORCPT=rfc822;a@b', 'AUTH=<>']
    const given = (capabilities: object) => offeredParameters(all, { ...none, ...capabilities })
    expect(given({})).toEqual([])
    expect(given({ size: 0 })).toEqual(['SIZE=100'])
    expect(given({ eightBitMime: true, smtpUtf8: true })).toEqual(['BODY=8BITMIME', 'SMTPUTF8'])
    expect(given({ dsn: true })).toEqual(['RET=HDRS', 'ENVID=x', 'NOTIFY=NEVER', 'ORCPT=rfc822;a@b'])
  })
})

const identity: XclientIdentity = {
  address: '192.0.2.1', port: 40000, ourAddress: '198.51.100.2', ourPort: 25,
  verifiedName: 'mail.acme.example', nameTemporary: false, ehlo: 'mail.acme.example', protocol: 'ESMTP',
}
const postfix = ['NAME', 'ADDR', 'PROTO', 'HELO', 'REVERSE_NAME', 'PORT', 'LOGIN', 'DESTADDR', 'DESTPORT']

describe('XCLIENT', () => {
  it('all that Postfix offers, in one line, the address last', () => {
    expect(xclientCommands(identity, postfix)).toEqual([
      'XCLIENT HELO=mail.acme.example PROTO=ESMTP DESTADDR=198.51.100.2 DESTPORT=25 REVERSE_NAME=mail.acme.example NAME=mail.acme.example PORT=40000 ADDR=192.0.2.1',
    ])
  })

  it('only what is offered', () => {
    expect(xclientCommands(identity, ['NAME', 'ADDR'])).toEqual(['XCLIENT NAME=mail.acme.example ADDR=192.0.2.1'])
    expect(xclientCommands(identity, ['LOGIN'])).toEqual([])
  })

  it('a missing name: unavailable, or for now', () => {
    const names = (nameTemporary: boolean) => xclientCommands({ ...identity, verifiedName: null, nameTemporary }, ['NAME', 'REVERSE_NAME'])
    expect(names(false)).toEqual(['XCLIENT REVERSE_NAME=[UNAVAILABLE] NAME=[UNAVAILABLE]'])
    expect(names(true)).toEqual(['XCLIENT REVERSE_NAME=[TEMPUNAVAIL] NAME=[TEMPUNAVAIL]'])
  })

  it('IPv6 addresses carry their prefix', () => {
    expect(xclientCommands({ ...identity, address: '2001:db8::1', ourAddress: '2001:db8::2' }, ['ADDR', 'DESTADDR'])).toEqual([
      'XCLIENT DESTADDR=IPV6:2001:db8::2 ADDR=IPV6:2001:db8::1',
    ])
  })

  it('hostile text stays one value; lines stay within 512 octets', () => {
    expect(xclientCommands({ ...identity, ehlo: 'a b=c+d\r\nRSET\0\u00e9' }, ['HELO'])).toEqual(['XCLIENT HELO=a?b+3Dc+2Bd??RSET??'])
    const lines = xclientCommands({ ...identity, ehlo: '='.repeat(500), verifiedName: `${'a'.repeat(60)}.`.repeat(4).slice(0, -1) }, postfix)
    expect(lines.length).toBe(3)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(510)
    expect(lines.at(-1)).toMatch(/ ADDR=192\.0\.2\.1$/)
    expect(xtext('='.repeat(500))).toBe('+3D'.repeat(85))
  })
})

describe('PROXY header', () => {
  const ends = { address: '192.0.2.1', port: 40000, ourAddress: '198.51.100.2', ourPort: 25 }
  const table = [
    [ends, 'PROXY TCP4 192.0.2.1 198.51.100.2 40000 25\r\n'],
    [{ ...ends, address: '2001:db8::1', ourAddress: '2001:db8::2' }, 'PROXY TCP6 2001:db8::1 2001:db8::2 40000 25\r\n'],
    [{ ...ends, ourAddress: '2001:db8::2' }, 'PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 40000 25\r\n'],
    [{ ...ends, address: '1.2.3.4 5.6.7.8 1 1\r\n' }, null],
  ] as const
  it.each(table)('%j', (input, expected) => {
    expect(proxyHeader(input)).toBe(expected)
  })
})
