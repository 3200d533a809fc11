// iprev as RFC 8601 and POLICY have it.
import { expect, it } from 'vitest'
import { iprevOf } from '../../../shared/dns/iprev.ts'
import { evidence } from './zone.ts'

const V4 = '192.0.2.1'
const PTR = '1.2.0.192.in-addr.arpa PTR'
const PTR6 = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR'

type Row = readonly [what: string, client: string, lines: readonly string[], iprev: string, ptrNames: readonly string[], verifiedNames: readonly string[]]

const rows: readonly Row[] = [
  ['no PTR: nxdomain', V4, [`${PTR} nxdomain`], 'permerror', [], []],
  ['no PTR: nodata', V4, [`${PTR} nodata`], 'permerror', [], []],
  ['servfail', V4, [`${PTR} servfail`], 'temperror', [], []],
  ['refused', V4, [`${PTR} refused`], 'temperror', [], []],
  ['timeout', V4, [`${PTR} timeout`], 'temperror', [], []],
  ['malformed', V4, [`${PTR} malformed`], 'temperror', [], []],
  ['not answered yet', V4, [], 'temperror', [], []],
  ['leads back', V4, [`${PTR} found a.example`, 'a.example A found 192.0.2.1'], 'pass', ['a.example'], ['a.example']],
  ['one address of many', V4, [`${PTR} found a.example`, 'a.example A found 192.0.2.7 192.0.2.1'], 'pass', ['a.example'], ['a.example']],
  ['leads elsewhere', V4, [`${PTR} found a.example`, 'a.example A found 192.0.2.10'], 'fail', ['a.example'], []],
  ['name without addresses', V4, [`${PTR} found a.example`, 'a.example A nodata'], 'fail', ['a.example'], []],
  ['name that does not exist', V4, [`${PTR} found a.example`, 'a.example A nxdomain'], 'fail', ['a.example'], []],
  ['temporary name', V4, [`${PTR} found a.example`, 'a.example A servfail'], 'temperror', ['a.example'], []],
  ['name not answered yet', V4, [`${PTR} found a.example`], 'temperror', ['a.example'], []],
  ['one temporary, one wrong', V4, [`${PTR} found a.example b.example`, 'a.example A timeout', 'b.example A found 192.0.2.9'], 'temperror', ['a.example', 'b.example'], []],
  ['a match passes beside a temporary', V4, [`${PTR} found a.example b.example`, 'a.example A timeout', 'b.example A found 192.0.2.1'], 'pass', ['a.example', 'b.example'], ['b.example']],
  ['all verified names, in order', V4, [`${PTR} found b.example a.example`, 'a.example A found 192.0.2.1', 'b.example A found 192.0.2.1'], 'pass', ['b.example', 'a.example'], ['b.example', 'a.example']],
  ['no host name is unconfirmed, shown escaped', V4, [`${PTR} found a\\.b.example \\000x.example`], 'fail', ['a\\.b.example', '\\000x.example'], []],
  ['raw octets are escaped all the same', V4, [`${PTR} found a\u0007b.example`], 'fail', ['a\\007b.example'], []],
  ['the root is no host', V4, [`${PTR} found .`], 'fail', ['.'], []],
  ['no host name beside a good one', V4, [`${PTR} found -x.example a.example`, 'a.example A found 192.0.2.1'], 'pass', ['-x.example', 'a.example'], ['a.example']],
  ['case and final dot', V4, [`${PTR} found A.Example.`, 'a.example A found 192.0.2.1'], 'pass', ['a.example'], ['a.example']],
  ['the eleventh is ignored', V4, [`${PTR} found ${'bcdefghijk'.split('').join(' ')} a.example`, ...'bcdefghijk'.split('').map((name) => `${name} A nxdomain`), 'a.example A found 192.0.2.1'], 'fail', 'bcdefghijk'.split(''), []],
  ['IPv6', '2001:db8::1', [`${PTR6} found a.example`, 'a.example AAAA found 2001:db8::1'], 'pass', ['a.example'], ['a.example']],
  ['the other family does not confirm', V4, [`${PTR} found a.example`, 'a.example A nodata', 'a.example AAAA found 2001:db8::1'], 'fail', ['a.example'], []],
]

it.each(rows)('%s', (_what, client, lines, iprev, ptrNames, verifiedNames) => {
  expect(iprevOf(evidence(client, null, ...lines))).toEqual({ iprev, ptrNames, verifiedNames })
})
