// The wire format against dns-packet, an independent codec, and against octets no codec would write.
import dnsPacket from 'dns-packet'
import type { Answer as PacketAnswer } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeQuery, fitOf, isTruncated, mixCase } from '../../../shared/dns/wire.ts'
import { readName } from '../../../shared/dns/wirename.ts'
import { rawReply, wireName } from '../../fakes/nameserver.ts'

const query = (name: string, type: 'A' | 'PTR' | 'MX' = 'A', id = 0x1234, edns = true) => Buffer.from(encodeQuery(id, name, type, edns))

describe('queries', () => {
  it.each([['a.b', 'A'], ['1.2.0.192.in-addr.arpa', 'PTR'], ['fred', 'MX'], ['a'.repeat(63) + '.example', 'A']] as const)('%s %s reads back', (name, type) => {
    const decoded = dnsPacket.decode(query(name, type))
    expect(decoded.questions).toEqual([{ name, type, class: 'IN' }])
    expect({ id: decoded.id, type: decoded.type, flags: decoded.flags }).toEqual({ id: 0x1234, type: 'query', flags: dnsPacket.RECURSION_DESIRED })
    expect(decoded.additionals).toMatchObject([{ type: 'OPT', name: '.', udpPayloadSize: 1232, ednsVersion: 0, options: [] }])
    expect(dnsPacket.decode(query(name, type, 1, false)).additionals).toEqual([])
  })

  it('mixes the case of letters only, and says whether it did', () => {
    const all = query('ab-1_.xyz')
    expect(mixCase(all, () => 0xffffffff)).toBe(true)
    expect(dnsPacket.decode(all).questions?.[0]?.name).toBe('AB-1_.XYZ')
    const none = query('ab.xyz')
    expect(mixCase(none, () => 0)).toBe(false)
    expect(none).toEqual(query('ab.xyz'))
    const some = query('abcdef.gh')
    mixCase(some, () => 0b10101010)
    expect(dnsPacket.decode(some).questions?.[0]?.name).toBe('aBcDeF.gH')
  })
})

describe('fitOf', () => {
  const sent = query('Mail.Example')
  const reply = (change: (packet: Buffer) => void) => {
    const packet = rawReply(sent, [])
    change(packet)
    return packet
  }
  it.each<[string, (packet: Buffer) => void, string]>([
    ['the very question', () => undefined, 'yes'],
    ['another id', (packet) => packet.writeUInt16BE(0x1235, 0), 'no'],
    ['a query', (packet) => { packet[2] = 0x01 }, 'no'],
    ['another opcode', (packet) => { packet[2] = 0x89 }, 'no'],
    ['another letter case', (packet) => { packet[13] = 0x6d }, 'case'],
    ['another name', (packet) => { packet[13] = 0x6e }, 'no'],
    ['another type', (packet) => { packet[packet.length - 3] = 28 }, 'no'],
    ['another class', (packet) => { packet[packet.length - 1] = 3 }, 'no'],
    ['a type that differs by 0x20', (packet) => { packet[packet.length - 3] = 0x21 }, 'no'],
    ['two questions', (packet) => packet.writeUInt16BE(2, 4), 'no'],
  ])('%s', (_what, change, fit) => {
    expect(fitOf(reply(change), sent)).toBe(fit)
  })
  it('knows headers without a question', () => {
    const bare = (rcode: number) => Buffer.from([0x12, 0x34, 0x80, rcode, 0, 0, 0, 0, 0, 0, 0, 0])
    expect([0, 1, 2, 3, 4, 5].map((rcode) => fitOf(bare(rcode), sent))).toEqual(['no', 'bare', 'no', 'no', 'bare', 'no'])
    expect(fitOf(Buffer.alloc(0), sent)).toBe('no')
    expect(fitOf(rawReply(sent, []).subarray(0, 20), sent)).toBe('no')
  })
  it('a non-letter that differs by 0x20 is another name', () => {
    const other = query('a_b.example')
    const packet = rawReply(other, [])
    packet[14] = 0x7f
    expect(fitOf(packet, other)).toBe('no')
  })
})

describe('replies', () => {
  const encode = (answers: PacketAnswer[], authorities: PacketAnswer[] = []) =>
    dnsPacket.encode({ type: 'response', id: 1, flags: 0, questions: [{ type: 'A', name: 'mail.example' }], answers, authorities })
  const said = (packet: Buffer) => decodeMessage(packet)?.answers.map(({ owner, ttl, data }) => `${owner} ${ttl} ${data}`)

  it('reads what dns-packet writes', () => {
    expect(said(encode([
      { type: 'A', name: 'Mail.Example', ttl: 300, data: '192.0.2.1' },
      { type: 'AAAA', name: 'mail.example', ttl: 0, data: '2001:db8:0:0:1:0:0:1' },
      { type: 'PTR', name: '1.2.0.192.in-addr.arpa', ttl: 60, data: 'Mail.Example' },
      { type: 'CNAME', name: 'www.example', ttl: 60, data: 'mail.example' },
      { type: 'MX', name: 'example', ttl: 60, data: { preference: 10, exchange: 'MX.example' } },
      { type: 'MX', name: 'example', ttl: 60, data: { preference: 0, exchange: '.' } },
      { type: 'NS', name: 'example', ttl: 60, data: 'ns.example' },
      { type: 'TXT', name: 'example', ttl: 60, data: ['v=spf1 ', 'a "b"'] },
    ]))).toEqual([
      'mail.example 300 192.0.2.1', 'mail.example 0 2001:db8::1:0:0:1', '1.2.0.192.in-addr.arpa 60 mail.example', 'www.example 60 mail.example',
      'example 60 10 mx.example', 'example 60 0 .', 'example 60 ns.example', 'example 60 v=spf1\\032a\\032\\"b\\"',
    ])
    const soa = { mname: 'NS.example', rname: 'host.master.example', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 }
    expect(decodeMessage(encode([], [{ type: 'SOA', name: 'example', ttl: 60, data: soa }]))).toEqual({
      rcode: 0, authoritative: false, answers: [],
      authorities: [{ owner: 'example', type: 6, ttl: 60, data: 'ns.example host.master.example 1 2 3 4 5', minimum: 5 }],
    })
  })

  it.each(['::', '::1', '2001:db8::', '1:2:3:4:5:6:7:8', '1:0:0:4:5:0:0:8', '1:0:3:0:5:0:7:0', '::ffff:192.0.2.1', '2001:db8:0:1:1:1:1:1', 'fe80::1:0:0'])(
    'writes %s as RFC 5952 does', (address) => {
      const shown: Record<string, string> = { '1:0:0:4:5:0:0:8': '1::4:5:0:0:8', 'fe80::1:0:0': 'fe80::1:0:0' }
      expect(said(encode([{ type: 'AAAA', name: 'a.b', data: address, ttl: 1 }]))).toEqual([`a.b 1 ${shown[address] ?? address}`])
    })

  it('skips other classes and types, and takes a TTL with the top bit for 0', () => {
    const sent = query('mail.example')
    const chaos = rawReply(sent, [{ type: 1, rdata: Buffer.from([192, 0, 2, 1]) }, { type: 99, rdata: Buffer.from('anything') }])
    chaos.writeUInt16BE(3, chaos.indexOf(Buffer.from([0xc0, 12])) + 4)
    expect(said(chaos)).toEqual([])
    const address = Buffer.from([192, 0, 2, 1])
    expect(said(rawReply(sent, [{ type: 1, ttl: 0x80000000, rdata: address }, { type: 1, ttl: 0x7fffffff, rdata: address }]))).toEqual(['mail.example 0 192.0.2.1', 'mail.example 2147483647 192.0.2.1'])
  })

  it.each<[string, Parameters<typeof rawReply>[1]]>([
    ['a short address', [{ type: 1, rdata: Buffer.from([1, 2, 3]) }]],
    ['a long address', [{ type: 1, rdata: Buffer.from([1, 2, 3, 4, 5]) }]],
    ['a short IPv6 address', [{ type: 28, rdata: Buffer.alloc(15) }]],
    ['a name that ends before its data', [{ type: 12, rdata: Buffer.concat([wireName('a'), Buffer.from([0])]) }]],
    ['a name that ends after its data', [{ type: 12, rdata: Buffer.from([5, 97]) }]],
    ['an empty name', [{ type: 12, rdata: Buffer.alloc(0) }]],
    ['MX without exchange', [{ type: 15, rdata: Buffer.from([0, 10]) }]],
    ['a reserved label type', [{ type: 12, rdata: Buffer.from([0x40, 0]) }]],
    ['a pointer to itself', [{ owner: Buffer.from([0xc0, 30]), type: 1, rdata: Buffer.alloc(4) }]],
    ['a pointer ahead', [{ owner: Buffer.from([0xc0, 60]), type: 1, rdata: Buffer.alloc(4) }]],
    ['a SOA of wrong length', [{ type: 6, rdata: Buffer.concat([wireName('a'), wireName('b'), Buffer.alloc(19)]) }]],
    ['a TXT string beyond its data', [{ type: 16, rdata: Buffer.from([5, 97]) }]],
  ])('%s is malformed', (_what, records) => {
    expect(decodeMessage(rawReply(query('mail.example'), records))).toBe(null)
  })

  it('is malformed if cut off anywhere', () => {
    const whole = encode([{ type: 'A', name: 'mail.example', ttl: 1, data: '192.0.2.1' }])
    for (let length = 0; length < whole.length; length += 1) expect(decodeMessage(whole.subarray(0, length))).toBe(null)
    expect(decodeMessage(whole)).not.toBe(null)
  })

  it('knows TC', () => {
    expect(isTruncated(dnsPacket.encode({ type: 'response', flags: dnsPacket.TRUNCATED_RESPONSE }))).toBe(true)
    expect(isTruncated(encode([]))).toBe(false)
  })
})

describe('readName', () => {
  it.each<[string, Buffer, string | null]>([
    ['plain, in lower case', wireName('Mail', 'Example'), 'mail.example'],
    ['the root', wireName(), '.'],
    ['a dot inside a label does not make two labels', wireName('a.b', 'example'), 'a\\.b.example'],
    ['a backslash', wireName('a\\', 'b'), 'a\\\\.b'],
    ['control octets, space and DEL', wireName(Buffer.from([0, 10, 13, 27, 32, 127])), '\\000\\010\\013\\027\\032\\127'],
    ['octets beyond ASCII', wireName(Buffer.from([0xc3, 0xbc, 0xff])), '\\195\\188\\255'],
    ['what zone files give a meaning', wireName('a"b;c(d)e@f$g'), 'a\\"b\\;c\\(d\\)e\\@f\\$g'],
    ['other signs as they are', wireName('0/25', '<b>', '*'), '0/25.<b>.*'],
    ['63 octets', wireName('a'.repeat(63)), 'a'.repeat(63)],
    ['255 octets in all', wireName(...Array<string>(127).fill('a')), Array(127).fill('a').join('.')],
    ['more than that', wireName(...Array<string>(128).fill('a')), null],
    ['cut off', Buffer.from([3, 97, 98]), null],
    ['without an end', Buffer.from([1, 97]), null],
    ['a pointer cut in half', Buffer.from([0xc0]), null],
    ['nothing', Buffer.alloc(0), null],
  ])('%s', (_what, octets, text) => {
    expect(readName(octets, 0)?.text ?? null).toBe(text)
  })

  it('follows pointers backwards only, and each only once', () => {
    const packet = Buffer.concat([wireName('example'), Buffer.from([4]), Buffer.from('mail'), Buffer.from([0xc0, 0]), Buffer.from([0xc0, 9])])
    expect(readName(packet, 9)).toEqual({ text: 'mail.example', end: 16 })
    expect(readName(packet, 16)).toEqual({ text: 'mail.example', end: 18 })
    expect(readName(Buffer.from([0xc0, 0]), 0)).toBe(null)
    expect(readName(Buffer.from([1, 97, 0xc0, 0]), 0)).toBe(null)
    expect(readName(Buffer.from([0xc0, 2, 0xc0, 0]), 0)).toBe(null)
  })
})
