import { describe, expect, test } from 'vitest'
import { ProxyReader } from '../../../shared/smtp/proxyheader.ts'
import { textOctets } from '../../../shared/smtp/octets.ts'

const V2 = '\r\n\r\n\0\r\nQUIT\n'
const v2 = (command: number, family: number, body: string) => `${V2}${String.fromCharCode(command, family, body.length >> 8, body.length & 255)}${body}`
const four = '\xc0\0\x02\x01\xc0\0\x02\x02\x9c\x40\0\x19'
const six = `\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01\x20\x01\x0d\xb8${'\0'.repeat(11)}\x02\x9c\x40\0\x19`
const ends4 = { client: '192.0.2.1', clientPort: 40000, server: '192.0.2.2', serverPort: 25 }
const ends6 = { client: '2001:db8::1', clientPort: 40000, server: '2001:db8::2', serverPort: 25 }

const cases: readonly (readonly [string, string, object | 'peer' | 'bad' | 'more'])[] = [
  ['v1 TCP4', 'PROXY TCP4 192.0.2.1 192.0.2.2 40000 25\r\n', ends4],
  ['v1 TCP6', 'PROXY TCP6 2001:db8::1 2001:db8::2 40000 25\r\n', ends6],
  ['v1 UNKNOWN', 'PROXY UNKNOWN\r\n', 'peer'],
  ['v1 UNKNOWN with anything', 'PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n', 'peer'],
  ['v1 torn', 'PROXY TCP4 192.0.2.1', 'more'],
  ['v1 without CR', 'PROXY TCP4 192.0.2.1 192.0.2.2 40000 25\n', 'bad'],
  ['v1 of the wrong family', 'PROXY TCP4 2001:db8::1 2001:db8::2 40000 25\r\n', 'bad'],
  ['v1 with a name', 'PROXY TCP4 localhost 192.0.2.2 40000 25\r\n', 'bad'],
  ['v1 with a bad port', 'PROXY TCP4 192.0.2.1 192.0.2.2 70000 25\r\n', 'bad'],
  ['v1 with a padded port', 'PROXY TCP4 192.0.2.1 192.0.2.2 040 25\r\n', 'bad'],
  ['v1 with more', 'PROXY TCP4 192.0.2.1 192.0.2.2 40000 25 x\r\n', 'bad'],
  ['v1 too long', `PROXY UNKNOWN ${'x'.repeat(100)}\r\n`, 'bad'],
  ['v1 endless', `PROXY UNKNOWN ${'x'.repeat(5000)}`, 'bad'],
  ['an SMTP client', 'EHLO mail.example\r\n', 'bad'],
  ['v2 TCP4', v2(0x21, 0x11, four), ends4],
  ['v2 TCP6', v2(0x21, 0x21, six), ends6],
  ['v2 TCP4 with TLVs', v2(0x21, 0x11, `${four}\x04\0\x01x`), ends4],
  ['v2 LOCAL', v2(0x20, 0x00, ''), 'peer'],
  ['v2 LOCAL with addresses', v2(0x20, 0x11, four), 'peer'],
  ['v2 UNSPEC', v2(0x21, 0x00, ''), 'peer'],
  ['v2 UDP', v2(0x21, 0x12, four), 'bad'],
  ['v2 of version 1', v2(0x11, 0x11, four), 'bad'],
  ['v2 too short for its family', v2(0x21, 0x11, four.slice(1)), 'bad'],
  ['v2 torn', v2(0x21, 0x11, four).slice(0, -1), 'more'],
  ['v2 enormous', `${V2}\x21\x11\xff\xff`, 'bad'],
]

describe.each(cases)('%s', (_name, header, expected) => {
  test.each([1, 2, 5, 16, 100_000])('in chunks of %i', (size) => {
    const complete = typeof expected === 'object' || expected === 'peer'
    const input = textOctets(complete ? `${header}EHLO` : header)
    const reader = new ProxyReader()
    let outcome: object | string = 'more'
    let used = 0
    for (let start = 0; start < input.length && outcome === 'more'; start += size) {
      const event = reader.read(input.subarray(start, start + size))
      if (event.kind === 'bad') outcome = 'bad'
      if (event.kind !== 'done') continue
      outcome = event.ends
      used = start + event.next
    }
    expect(outcome).toEqual(expected)
    if (complete) expect(used).toBe(header.length)
  })
})
