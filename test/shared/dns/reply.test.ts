// What one reply says about one question.
import { describe, expect, it } from 'vitest'
import { canBeSent, readReply } from '../../../shared/dns/reply.ts'
import type { Reading } from '../../../shared/dns/reply.ts'
import type { RecordType } from '../../../shared/dns/answer.ts'
import { CNAME, TYPE_CODE } from '../../../shared/dns/wire.ts'
import type { Message, WireRecord } from '../../../shared/dns/wire.ts'

/** "owner ttl TYPE data"; a SOA's data is its minimum. */
function record(line: string): WireRecord {
  const [owner = '', ttl = '', type = '', ...rest] = line.split(' ')
  const code = type === 'CNAME' ? CNAME : TYPE_CODE[type as RecordType]
  return { owner, ttl: Number(ttl), type: code, data: rest.join(' '), minimum: type === 'SOA' ? Number(rest[0]) : 0 }
}
const message = (rcode: number, answers: string[], authorities: string[] = [], authoritative = false): Message => (
  { rcode, authoritative, answers: answers.map(record), authorities: authorities.map(record) })
const reading = (status: Reading['status'], more: Partial<Reading> = {}): Reading => ({ status, records: [], chain: [], ttl: null, next: null, ...more })
const read = (text: string, said: Message | null) => readReply(said, { name: text.split(' ')[0]!, type: text.split(' ')[1] as RecordType })

describe('readReply', () => {
  it.each<[string, Message | null, Reading]>([
    ['found', message(0, ['a.b 60 A 1.1.1.1', 'a.b 30 A 1.1.1.2']), reading('found', { records: ['1.1.1.1', '1.1.1.2'], ttl: 30 })],
    ['unrelated records do not count', message(0, ['x.b 1 A 9.9.9.9', 'a.b 60 A 1.1.1.1', 'a.b 1 AAAA ::1']), reading('found', { records: ['1.1.1.1'], ttl: 60 })],
    ['only unrelated records', message(0, ['x.b 1 A 9.9.9.9']), reading('nodata')],
    ['TTL 0', message(0, ['a.b 0 A 1.1.1.1']), reading('found', { records: ['1.1.1.1'], ttl: 0 })],
    ['a chain', message(0, ['a.b 60 CNAME c.d', 'c.d 20 CNAME e.f', 'e.f 30 A 1.1.1.1']), reading('found', { records: ['1.1.1.1'], chain: ['c.d', 'e.f'], ttl: 20 })],
    ['a chain in any order', message(0, ['e.f 30 A 1.1.1.1', 'c.d 20 CNAME e.f', 'a.b 60 CNAME c.d']), reading('found', { records: ['1.1.1.1'], chain: ['c.d', 'e.f'], ttl: 20 })],
    ['data beside a CNAME wins', message(0, ['a.b 60 CNAME c.d', 'a.b 60 A 1.1.1.1', 'c.d 60 A 2.2.2.2']), reading('found', { records: ['1.1.1.1'], ttl: 60 })],
    ['the first of two CNAMEs', message(0, ['a.b 60 CNAME c.d', 'a.b 60 CNAME e.f', 'c.d 60 A 1.1.1.1']), reading('found', { records: ['1.1.1.1'], chain: ['c.d'], ttl: 60 })],
    ['a chain that leads out of the reply', message(0, ['a.b 60 CNAME c.d']), reading('nodata', { chain: ['c.d'], ttl: 60, next: 'c.d' })],
    ['the same with a SOA of another zone', message(0, ['a.b 60 CNAME c.d'], ['b 60 SOA 60']), reading('nodata', { chain: ['c.d'], ttl: 60, next: 'c.d' })],
    ['a chain to nothing', message(0, ['a.b 60 CNAME c.d'], ['d 60 SOA 40']), reading('nodata', { chain: ['c.d'], ttl: 40 })],
    ['a chain to a name that does not exist', message(3, ['a.b 60 CNAME c.d'], ['d 60 SOA 400']), reading('nxdomain', { chain: ['c.d'], ttl: 60 })],
    ['a chain to a sick zone', message(2, ['a.b 60 CNAME c.d']), reading('servfail', { chain: ['c.d'] })],
    ['a CNAME to itself', message(0, ['a.b 60 CNAME a.b']), reading('malformed')],
    ['a CNAME loop', message(0, ['a.b 60 CNAME c.d', 'c.d 60 CNAME a.b']), reading('malformed', { chain: ['c.d'] })],
    ['a CNAME loop further on', message(0, ['a.b 60 CNAME c.d', 'c.d 60 CNAME e.f', 'e.f 60 CNAME c.d']), reading('malformed', { chain: ['c.d', 'e.f'] })],
    ['nxdomain', message(3, [], ['b 300 SOA 60']), reading('nxdomain', { ttl: 60 })],
    ['nxdomain, the SOA’s own TTL is less', message(3, [], ['b 30 SOA 60']), reading('nxdomain', { ttl: 30 })],
    ['nxdomain of the root', message(3, [], ['. 300 SOA 60']), reading('nxdomain', { ttl: 60 })],
    ['nxdomain without SOA', message(3, []), reading('nxdomain')],
    ['nxdomain with the SOA of another zone', message(3, [], ['x.b 300 SOA 60']), reading('nxdomain')],
    ['nxdomain with data contradicts itself', message(3, ['a.b 60 A 1.1.1.1']), reading('malformed')],
    ['nodata', message(0, [], ['a.b 300 SOA 900']), reading('nodata', { ttl: 300 })],
    ['nodata beside name servers', message(0, [], ['b 60 NS ns.b', 'b 300 SOA 60']), reading('nodata', { ttl: 60 })],
    ['nodata without SOA, as simple forwarders say it', message(0, []), reading('nodata')],
    ['nodata of an authority without SOA', message(0, [], ['b 60 NS ns.b'], true), reading('nodata')],
    ['a referral: the server does not recurse', message(0, [], ['b 60 NS ns.b']), reading('servfail')],
    ['servfail', message(2, []), reading('servfail')],
    ['refused', message(5, []), reading('refused')],
    ['FORMERR, NOTIMP and the like', message(4, []), reading('servfail')],
    ['not decodable', null, reading('malformed')],
  ])('%s', (_what, said, expected) => {
    expect(read('a.b A', said)).toEqual(expected)
  })

  it('follows 8 CNAMEs and no more', () => {
    const chain = (length: number) => Array.from({ length }, (_, index) => `n${index}.b 60 CNAME n${index + 1}.b`)
    const names = (length: number) => Array.from({ length }, (_, index) => `n${index + 1}.b`)
    expect(read('n0.b A', message(0, [...chain(8), 'n8.b 60 A 1.1.1.1']))).toEqual(reading('found', { records: ['1.1.1.1'], chain: names(8), ttl: 60 }))
    expect(read('n0.b A', message(0, [...chain(9), 'n9.b 60 A 1.1.1.1']))).toEqual(reading('malformed', { chain: names(8) }))
  })

  it('keeps PTR names in the order received, 500 of them; a larger set of addresses cannot be used', () => {
    const many = (count: number, type: string) => Array.from({ length: count }, (_, index) => `a.b 60 ${type} n${index}`)
    expect(read('a.b PTR', message(0, many(200, 'PTR'))).records).toEqual(Array.from({ length: 200 }, (_, index) => `n${index}`))
    expect(read('a.b PTR', message(0, many(501, 'PTR'))).records.length).toBe(500)
    expect(read('a.b A', message(0, many(500, 'A'))).records.length).toBe(500)
    expect(read('a.b A', message(0, many(501, 'A')))).toEqual(reading('malformed'))
  })
})

it.each<[string, RecordType, boolean]>([
  ['a.b', 'A', true],
  ['localhost', 'A', true],
  ['_a._tcp.b', 'A', true],
  ['1.0/25.2.0.192.in-addr.arpa', 'PTR', true], // RFC 2317
  ['1.0/25.2.0.192.in-addr.arpa', 'A', false],
  ['a\\.b.c', 'A', false],
  ['a\\000.c', 'PTR', false],
  ['-a.b', 'A', false],
  ['a b.c', 'PTR', false],
  ['.', 'MX', false],
  ['', 'A', false],
  ['ü.b', 'A', false],
])('canBeSent %s %s: %s', (name, type, expected) => {
  expect(canBeSent(name, type)).toBe(expected)
})
