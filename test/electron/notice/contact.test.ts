/** Who could be written to: from DNS, from registries, and never from what a client only claims. */
import { describe, expect, test } from 'vitest'
import { findContacts } from '../../../electron/notice/contact.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { rnameAddress, sourceText, typedContact } from '../../../shared/notice/contacts.ts'
import type { ContactSubject } from '../../../shared/notice/contacts.ts'
import { DOMAINS, NETWORKS } from '../../contract/rdap.ts'
import { manualClock } from '../../fakes/clock.ts'
import { fakeRdap } from '../../fakes/rdap.ts'
import { fakeResolver } from '../../fakes/resolver.ts'

const SUBJECT: ContactSubject = { client: parseAddress('198.51.100.25')!, ehlo: 'mail.claimed.example', ptrNames: [], verifiedName: null, sender: 'ann@forged.example' }

async function contacts(changes: Partial<ContactSubject>, zone = '', registries: Parameters<typeof fakeRdap>[0] = {}) {
  const clock = manualClock()
  const { candidates, remarks } = await findContacts({ resolver: fakeResolver(zone, clock), clock, rdap: fakeRdap(registries) }, { ...SUBJECT, ...changes })
  return { lines: candidates.map(({ address, trust, party, source }) => `${address} ${trust} ${party ?? ''}: ${sourceText(source)}`), remarks }
}

const CLAIMED = [
  'postmaster@claimed.example claimed domain-owner: postmaster of mail.claimed.example, the name it greets with: only claimed',
  'postmaster@forged.example claimed domain-owner: postmaster of forged.example, the domain it writes as: only claimed',
]

describe('where contacts come from', () => {
  test('nothing but claims', async () => {
    expect(await contacts({})).toEqual({ lines: CLAIMED, remarks: ['the registry’s contacts of 198.51.100.25 are not known: no registry knows 198.51.100.25'] })
  })

  test('the reverse zone, the network, the verified name; claims last', async () => {
    const { lines, remarks } = await contacts(
      { verifiedName: 'mx.acme.example', ptrNames: ['mx.acme.example', 'old.other.example'] },
      '100.51.198.in-addr.arpa SOA ns.colo.example dns\\.admin.colo.example 1 2 3 4 5', { networks: Object.values(NETWORKS), domains: DOMAINS },
    )
    expect(lines).toEqual([
      'dns.admin@colo.example verified address-owner: responsible for the reverse zone 100.51.198.in-addr.arpa (SOA)',
      'abuse@colo.example verified address-owner: abuse contact of the network 198.51.100.0/24 (RDAP)',
      'noc@colo.example verified address-owner: technical contact of the network 198.51.100.0/24 (RDAP)',
      'postmaster@acme.example verified domain-owner: postmaster of the verified name mx.acme.example',
      'dns@acme.example verified domain-owner: technical contact of the domain acme.example (RDAP)',
      'postmaster@other.example claimed domain-owner: postmaster of old.other.example, a reverse name that does not lead back: only claimed',
      ...CLAIMED,
    ])
    expect(remarks).toEqual([])
  })

  test('the longest zone that has an SOA', async () => {
    const zone = '51.198.in-addr.arpa SOA ns.a.example wide.a.example 1 2 3 4 5\n100.51.198.in-addr.arpa SOA ns.a.example narrow.a.example 1 2 3 4 5\n25.100.51.198.in-addr.arpa PTR x.example'
    expect((await contacts({}, zone)).lines[0]).toMatch(/^narrow@a\.example/)
  })

  test('a delegated part of a /24 (RFC 2317)', async () => {
    const zone = '100.51.198.in-addr.arpa SOA ns.a.example isp.a.example 1 2 3 4 5\n25.100.51.198.in-addr.arpa CNAME 25.0/26.100.51.198.in-addr.arpa\n0/26.100.51.198.in-addr.arpa SOA ns.b.example owner.b.example 1 2 3 4 5\n25.0/26.100.51.198.in-addr.arpa PTR x.example'
    expect((await contacts({}, zone)).lines[0]).toMatch(/^owner@b\.example .*0\/26\.100\.51\.198\.in-addr\.arpa/)
  })

  test('IPv6', async () => {
    const zone = '8.b.d.0.1.0.0.2.ip6.arpa SOA ns.a.example six.a.example 1 2 3 4 5'
    expect((await contacts({ client: parseAddress('2001:db8::25')! }, zone)).lines[0]).toMatch(/^six@a\.example verified address-owner/)
  })

  test('never a registry’s own zone, nor a placeholder', async () => {
    const zone = '198.in-addr.arpa SOA ns.arin.net dns-ops.arin.net 1 2 3 4 5'
    expect((await contacts({}, zone)).lines).toEqual(CLAIMED)
    expect((await contacts({}, '100.51.198.in-addr.arpa SOA ns.x.example nobody.invalid 1 2 3 4 5')).lines).toEqual(CLAIMED)
  })

  test('a null sender’s claims are not even offered', async () => {
    expect((await contacts({ sender: '' })).lines).toEqual([])
  })

  test('a session without MAIL has none of a sender', async () => {
    expect((await contacts({ sender: null })).lines).toEqual(CLAIMED.slice(0, 1))
  })

  test.each(['[198.51.100.25]', 'localhost', 'srv.acme.local', 'x\r\nBcc: a@b.example', ''])('EHLO %j leads nowhere', async (ehlo) => {
    expect((await contacts({ ehlo, sender: null })).lines).toEqual([])
  })
})

describe('RNAME', () => {
  test.each([
    ['hostmaster.isp.example', 'hostmaster@isp.example'], ['dns\\.ops.isp.example.', 'dns.ops@isp.example'], ['a\\046b.isp.example', 'a.b@isp.example'], ['host\\\\master.isp.example', null],
    ['.', null], ['', null], ['isp', null], ['root.localhost', null], ['a.misconfigured.dns.server.invalid', null], ['noreply.isp.example', null], ['a\\010b.isp.example', null], ['\\@.isp.example', null],
  ])('%s → %s', (rname, expected) => {
    expect(rnameAddress(rname)).toBe(expected)
  })
})

describe('typed by hand', () => {
  test.each([
    ['noc@isp.example', { address: 'noc@isp.example', trust: 'typed', note: null }], [' noreply@isp.example ', { address: 'noreply@isp.example', note: 'this address says itself that nobody reads it' }],
    ['noc', { problem: expect.stringContaining('not a mail address') as string }], ['a@isp.example, b@isp.example', { problem: expect.any(String) as string }], ['a@isp.example\nBcc: b@isp.example', { problem: expect.any(String) as string }],
  ])('%j', (text, expected) => {
    expect(typedContact(text)).toMatchObject(expected)
  })
})
